#!/bin/bash
set -e
docker run -d --name box-a nginx
docker run -d --name box-b nginx
docker run -d --name box-c --network container:box-a python python3 -m http.server 8000
