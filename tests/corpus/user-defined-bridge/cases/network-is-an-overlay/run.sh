#!/bin/bash
set -e
docker swarm init --advertise-addr 198.51.100.1
docker network create --driver overlay --attachable alpine-net
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network alpine-net alpine ash
docker network connect bridge alpine4
