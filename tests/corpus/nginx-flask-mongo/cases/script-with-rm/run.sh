#!/bin/bash
# With --rm, so that no containers are left over when I stop them.
set -e
docker network create public-net-1
docker network create private-net-1

docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --rm --name mongo --network private-net-1 mongo
docker run -d --rm --name flask-app --network private-net-1 my-flask-app
docker network connect public-net-1 flask-app
docker run -d --rm --name nginx --network public-net-1 -p 8080:80 my-nginx
