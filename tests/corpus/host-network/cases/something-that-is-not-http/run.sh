#!/bin/bash
set -e
docker run -d --network host --name my_nginx --volume "$PWD/server.py:/server.py" python python3 /server.py
