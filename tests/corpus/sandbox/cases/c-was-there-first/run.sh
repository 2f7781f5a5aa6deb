#!/bin/bash
set -e
docker run -dit --name box-c alpine ash
docker run -d --name box-a --network container:box-c nginx
docker run -d --name box-b nginx
