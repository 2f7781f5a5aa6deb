#!/bin/bash
# Can be run again and again.
set -e
docker rm -f nginx flask-app mongo
docker network rm public-net-1 private-net-1
for net in public-net-1 private-net-1; do docker network create $net; done
docker build -t web nginx && docker build -t app flask-app
docker run -d --name mongo --network private-net-1 mongo
docker run -d --name flask-app --network private-net-1 app
docker network connect public-net-1 flask-app
docker run -d --name nginx --network public-net-1 -p 8080:80 web
