#!/bin/bash
set -e
for network in shop-net office-net data-net; do docker network create $network; done
docker run -d --name store --network data-net mongo
for role in orders reports; do
  docker run -d --name $role --network data-net -v "$PWD/$role:/app:ro" python python3 /app/server.py
done
docker network connect shop-net orders
docker network connect office-net reports
docker run -d --name shop --network shop-net -p 80:80 -v "$PWD/shop/default.conf:/etc/nginx/conf.d/default.conf:ro" nginx
docker run -d --name backoffice --network office-net -p 81:80 -v "$PWD/backoffice/default.conf:/etc/nginx/conf.d/default.conf:ro" nginx
