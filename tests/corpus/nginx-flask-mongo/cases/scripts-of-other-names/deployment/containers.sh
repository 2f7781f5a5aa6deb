#!/bin/bash
docker run -d --name mongo --network private-net-1 mongo
docker run -d --name flask-app --network private-net-1 $(docker build -q ../flask-app)
docker network connect public-net-1 flask-app
docker run -d --name nginx --network public-net-1 -p 8080:80 $(docker build -q ../nginx)
