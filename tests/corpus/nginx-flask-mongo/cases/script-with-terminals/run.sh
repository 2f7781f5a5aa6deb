#!/bin/bash
# Everything with -it, as in the tutorial.
docker network create public-net-1
docker network create private-net-1
docker build -t web nginx
docker build -t app flask-app
docker run -it --rm alpine echo "a first try"
docker run -itd --name mongo --network private-net-1 mongo
docker run -itd --name flask-app --network private-net-1 app
docker network connect public-net-1 flask-app
docker run -itd --name nginx --network public-net-1 -p 8080:80 web
docker exec -it flask-app hostname
read -p "Press Enter when you have looked at it. "
exit 0
