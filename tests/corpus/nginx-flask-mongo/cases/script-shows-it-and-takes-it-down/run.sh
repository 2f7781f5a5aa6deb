#!/bin/bash
docker network create public-net-1; docker network create private-net-1
docker build -q -t web nginx; docker build -q -t app flask-app
docker run -d --name mongo --network private-net-1 mongo
docker run -d --name flask-app --network private-net-1 app
docker network connect public-net-1 flask-app
docker run -d --name nginx --network public-net-1 -p 8080:80 web
sleep 3
docker ps
cleanup() { docker rm -f nginx flask-app mongo; }
cleanup
