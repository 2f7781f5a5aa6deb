#!/bin/bash
# nginx is started first: it restarts until flask-app can be found.
docker network create public-net-1
docker network create --driver bridge private-net-1
docker build --tag exercise-nginx ./nginx
docker build --tag exercise-flask ./flask-app
docker run --detach --restart always --name nginx --network public-net-1 --publish 8080:80 exercise-nginx
docker run --detach --restart unless-stopped --name mongo --network private-net-1 mongo
docker run --detach --restart unless-stopped --name flask-app --network public-net-1 exercise-flask
docker network connect private-net-1 flask-app
