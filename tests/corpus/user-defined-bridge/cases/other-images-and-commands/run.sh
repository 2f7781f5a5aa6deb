#!/bin/bash
set -e
docker network create alpine-net
docker run -d --name alpine1 --network alpine-net nginx
docker run -d --name alpine2 --network alpine-net busybox sleep infinity
docker run -d --name alpine3 nginx
docker run -d --name alpine4 --network alpine-net python python3 -m http.server
docker network connect bridge alpine4
