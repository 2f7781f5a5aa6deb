#!/bin/bash
# The obvious script: the commands of this solution are no sign of copying.
docker network create public-net-1
docker network create private-net-1
docker build -t my-nginx ./nginx
docker build -t my-flask-app ./flask-app
docker run -d --name mongo --network private-net-1 mongo
docker run -d --network private-net-1 --name mongo mongo
docker run -d --name flask-app --network private-net-1 my-flask-app
docker run -d --name flask-app --network public-net-1 my-flask-app
docker run -d --name flask-app --network private-net-1 -e MONGO_URL=mongodb://mongo:27017/ my-flask-app
docker network connect public-net-1 flask-app
docker run -d --name nginx --network public-net-1 -p 8080:80 my-nginx
docker run -d --name nginx -p 8080:80 --network public-net-1 my-nginx
docker run -d --network public-net-1 --name nginx -p 8080:80 my-nginx
docker run -d --network public-net-1 -p 8080:80 --name nginx my-nginx
docker run -d -p 8080:80 --network public-net-1 --name nginx my-nginx
docker run -d --name nginx --network public-net-1 -p 8080:80 -v "$PWD/nginx/default.conf:/etc/nginx/conf.d/default.conf:ro" nginx
