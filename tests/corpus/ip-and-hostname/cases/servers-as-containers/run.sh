#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -d --name web --hostname web-1 --network net-a --publish 8080:80 nginx
docker run -d --name plain --network net-a busybox sleep infinity
docker network connect net-b web
