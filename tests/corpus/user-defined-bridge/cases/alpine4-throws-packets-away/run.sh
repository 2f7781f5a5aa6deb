#!/bin/bash
set -e
docker network create alpine-net
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network alpine-net --cap-add NET_ADMIN alpine ash
docker network connect bridge alpine4
three=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' alpine3)
docker exec alpine4 ip route add blackhole "$three/32"
