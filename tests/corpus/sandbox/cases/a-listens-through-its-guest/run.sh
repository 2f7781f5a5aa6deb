#!/bin/bash
set -e
docker run -d --name box-a python python3 -m http.server 8080
docker run -d --name box-b nginx
docker run -d --name box-c --network container:box-a nginx
