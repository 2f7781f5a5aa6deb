#!/bin/bash
# First I run the containers, then I connect them.
docker network create public-net-1
docker network create private-net-1
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --name mongo mongo
docker run -d --name flask-app my-flask-app
docker network connect private-net-1 mongo
docker network connect private-net-1 flask-app
docker network connect public-net-1 flask-app
docker create --name nginx -p 8080:80 my-nginx
docker network connect public-net-1 nginx
docker start nginx
