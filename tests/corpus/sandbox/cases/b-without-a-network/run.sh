#!/bin/bash
set -e
docker run -d --name box-a nginx
docker run -d --name box-b --network none nginx
docker run -dit --name box-c --network container:box-a alpine ash
