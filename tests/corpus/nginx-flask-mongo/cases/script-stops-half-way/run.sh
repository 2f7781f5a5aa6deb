#!/bin/bash
# All commands, one after the other.
set -e
docker network create public-net-1
docker network create private-net-1
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --name mongo --network private-net-1 mongo
docker run -d --name flask-app --network private-net-1 my-flask-app
docker network connect public-net-1 flask-app
docker run -d --name nginx --netwrok public-net-1 -p 8080:80 my-nginx
