#!/bin/bash
set -e
docker build --tag hello .
docker network create inside
docker run -d --name exposed --network inside hello
docker run -d --name published --publish 8080:8080 hello
docker run -d --name entrance --network inside --publish 9000:80 --volume "$PWD/entrance.conf:/etc/nginx/conf.d/default.conf:ro" nginx
