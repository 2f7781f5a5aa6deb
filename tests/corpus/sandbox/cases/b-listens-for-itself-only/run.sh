#!/bin/bash
set -e
docker run -d --name box-a nginx
docker run -d --name box-b python python3 -m http.server 80 --bind 127.0.0.1
docker run -dit --name box-c --network container:box-a alpine ash
