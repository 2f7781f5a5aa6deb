#!/bin/bash
# The obvious script: the commands of this solution are no sign of copying.
docker run -d --name netflix-catalog --network private-net-1 -v "$PWD/netflix-catalog:/app" python python3 /app/server.py
docker run -d --name netflix-catalog --network private-net-1 -v "$PWD/netflix-catalog:/app:ro" python python3 /app/server.py
docker run -d --name netflix-frontend --network private-net-1 -v "$PWD/netflix-frontend:/app" python python3 /app/server.py
docker run -d --name netflix-frontend --network private-net-1 -v "$PWD/netflix-frontend:/app:ro" python python3 /app/server.py
docker network connect public-net-1 netflix-frontend
docker run -d --name nginx --network public-net-1 -p 80:80 -v "$PWD/nginx/default.conf:/etc/nginx/conf.d/default.conf" nginx
docker run -d --name nginx --network public-net-1 -p 80:80 -v "$PWD/nginx/default.conf:/etc/nginx/conf.d/default.conf:ro" nginx
