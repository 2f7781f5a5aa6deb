#!/bin/bash
set -e
docker network create alpine-net
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run --rm --network container:alpine3 --cap-add NET_ADMIN alpine ip rule add pref 10 blackhole
docker run -dit --name alpine4 --network alpine-net alpine ash
docker network connect bridge alpine4
