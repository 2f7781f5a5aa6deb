#!/bin/bash
set -e
docker network create net
docker run -d --name box-a --network net nginx
docker run -d --name box-b --network net nginx
docker run -dit --name box-c --network net alpine ash
