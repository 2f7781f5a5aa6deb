#!/bin/bash
# Both networks with the driver bridge.
docker network create --driver bridge public-net-1
docker network create --driver brigde private-net-1
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --name mongo --network private-net-1 mongo
docker run -d --name flask-app --network public-net-1 my-flask-app
docker network connect private-net-1 flask-app
docker run -d --name nginx --network public-net-1 -p 8080:80 my-nginx
