#!/bin/bash
set -e
docker network create somewhere
docker run -d --name web --network somewhere --publish 8080:80 nginx
docker run -d --name on-the-host --network host nginx
docker run -dit --name as-lonely --network none alpine ash
docker run -dit --name isolated --network none alpine ash
docker run -dit --name visitor --network container:isolated alpine ash
