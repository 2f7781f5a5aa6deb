#!/bin/bash
set -e
docker run -d --name box-a python python3 -m http.server 80
docker run -d --name box-b busybox httpd -f -p 80
docker run -dit --name box-c --network "container:$(docker inspect --format '{{.Id}}' box-a)" alpine ash
