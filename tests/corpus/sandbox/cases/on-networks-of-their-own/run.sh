#!/bin/bash
set -e
docker network create one
docker network create two
docker run -d --name box-a --network one --publish 8080:80 nginx
docker run -d --name box-b --network two --publish 8081:80 nginx
docker network connect one box-b
docker run -dit --name box-c --network container:box-a busybox
