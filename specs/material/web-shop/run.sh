#!/bin/bash
# The obvious script: the commands of this solution are no sign of copying.
docker run -d --name store --network data-net mongo
docker run -d --name orders --network data-net -v "$PWD/orders:/app" python python3 /app/server.py
docker run -d --name orders --network data-net -v "$PWD/orders:/app:ro" python python3 /app/server.py
docker run -d --name reports --network data-net -v "$PWD/reports:/app" python python3 /app/server.py
docker run -d --name reports --network data-net -v "$PWD/reports:/app:ro" python python3 /app/server.py
docker run -d --name shop --network shop-net -p 8080:80 -v "$PWD/shop/default.conf:/etc/nginx/conf.d/default.conf" nginx
docker run -d --name shop --network shop-net -p 8080:80 -v "$PWD/shop/default.conf:/etc/nginx/conf.d/default.conf:ro" nginx
docker run -d --name backoffice --network office-net -p 8081:80 -v "$PWD/backoffice/default.conf:/etc/nginx/conf.d/default.conf" nginx
docker run -d --name backoffice --network office-net -p 8081:80 -v "$PWD/backoffice/default.conf:/etc/nginx/conf.d/default.conf:ro" nginx
