#!/bin/bash
set -e
docker network create net
docker run -d --name one --hostname a nginx
docker run -d --name two --network net --network-alias b nginx
docker run -dit --name three --network container:one alpine ash
docker run -dit --name four --network container:two alpine ash
