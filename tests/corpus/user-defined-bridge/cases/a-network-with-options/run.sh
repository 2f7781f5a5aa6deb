#!/bin/bash
set -e
docker network create --driver bridge --subnet 192.0.2.0/25 --gateway 192.0.2.5 \
  --opt com.docker.network.bridge.name=alpines --label lesson=5 alpine-net
docker run -dit --name alpine1 --network alpine-net --ip 192.0.2.11 alpine ash
docker run -dit --name alpine2 --network alpine-net --dns 198.51.100.2 alpine ash
docker run -dit --name alpine3 --hostname three alpine ash
docker run -dit --name alpine4 --network alpine-net --hostname four --network-alias both alpine ash
docker network connect bridge alpine4
