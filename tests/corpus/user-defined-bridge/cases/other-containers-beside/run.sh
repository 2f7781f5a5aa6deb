#!/bin/bash
set -e
docker network create alpine-net
docker network create other-net
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network alpine-net alpine ash
docker network connect bridge alpine4
docker run -d --name web --network alpine-net -p 8080:80 nginx
docker run -dit --name alpine5 --network other-net alpine ash
docker run -d --name done alpine true
