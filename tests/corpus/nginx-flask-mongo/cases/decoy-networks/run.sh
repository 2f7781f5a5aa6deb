#!/bin/bash
# The networks of the exercise, and mine.
docker network create public-net-1
docker network create private-net-1
docker network create front
docker network create back
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --name mongo --network back mongo
docker run -d --name flask-app --network back my-flask-app
docker network connect front flask-app
docker run -d --name nginx --network front -p 8080:80 my-nginx
