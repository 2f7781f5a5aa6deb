#!/bin/bash
# flask-app is started first and connected afterwards.
docker network create public-net-1
docker network create private-net-1
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --name mongo --network private-net-1 mongo
docker run -d --name flask-app my-flask-app
docker network connect private-net-1 flask-app
docker network connect public-net-1 flask-app
docker run -d --name nginx --network public-net-1 -p 8080:80 my-nginx
