#!/bin/bash
set -e
docker run -d --name box-a nginx
docker run -d --name box-b python python3 -m http.server 8080
docker run -dit --name box-c --network container:box-a alpine ash
