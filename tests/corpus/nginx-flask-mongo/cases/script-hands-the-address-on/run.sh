#!/bin/bash
# The app is told where the database is.
docker network create public-net-1
docker network create private-net-1
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --name mongo --network private-net-1 mongo
address=$(docker inspect -f '{{(index .NetworkSettings.Networks "private-net-1").IPAddress}}' mongo)
docker run -d --name flask-app --network private-net-1 -e "MONGO_URL=mongodb://$address:27017/" my-flask-app
docker network connect public-net-1 flask-app
docker run -d --name nginx --network public-net-1 -p 8080:80 my-nginx
