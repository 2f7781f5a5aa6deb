#!/bin/bash
set -e
docker run -d --network host --name my_nginx python python3 -m http.server 80
