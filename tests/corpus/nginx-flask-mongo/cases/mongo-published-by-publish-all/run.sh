#!/bin/bash
# -P is shorter.
docker network create public-net-1
docker network create private-net-1
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d -P --name mongo --network private-net-1 mongo
docker run -d --name flask-app --network private-net-1 my-flask-app
docker network connect public-net-1 flask-app
docker run -d -p 8080:80 --name nginx --network public-net-1 my-nginx
