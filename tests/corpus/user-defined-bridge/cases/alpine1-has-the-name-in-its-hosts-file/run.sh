#!/bin/bash
set -e
docker network create alpine-net
docker run -dit --name alpine3 alpine ash
three=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' alpine3)
docker run -dit --name alpine1 --network alpine-net --add-host "alpine3:$three" alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine4 --network alpine-net alpine ash
docker network connect bridge alpine4
