#!/bin/bash
set -e
docker run -d --name other_nginx --publish 8080:80 nginx
docker run -d --name neighbour --network host python python3 -m http.server 8000
docker run -d --name my_nginx --network host nginx
