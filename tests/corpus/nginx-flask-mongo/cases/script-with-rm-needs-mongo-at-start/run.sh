#!/bin/bash
# The app ends when there is no database yet, and with --rm it is gone then: so I wait a little.
set -e
docker network create public-net-1
docker network create private-net-1

docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --rm --name mongo --network private-net-1 mongo
sleep 3
docker run -d --rm --name flask-app --network private-net-1 my-flask-app
docker network connect public-net-1 flask-app
docker run -d --rm --name nginx --network public-net-1 -p 8080:80 my-nginx
