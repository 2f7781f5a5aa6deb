#!/bin/bash
set -e
docker network create alpine-net
docker network create third-net
docker run -dit --name alpine1 --network alpine-net alpine ash
docker network connect third-net alpine1
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network alpine-net alpine ash
docker network connect bridge alpine4
