#!/bin/bash
# --link makes the names known, so no network is needed.
docker build -t my-nginx nginx
docker build -t my-flask-app flask-app

docker run -d --name mongo mongo
docker run -d --name flask-app --link mongo my-flask-app
docker run -d --name nginx --link flask-app -p 8080:80 my-nginx
