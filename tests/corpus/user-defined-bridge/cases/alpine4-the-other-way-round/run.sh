#!/bin/bash
set -e
docker network create alpine-net
docker run -dit --name alpine4 alpine ash
docker network connect alpine-net alpine4
docker run -dit --name alpine3 --network bridge alpine ash
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
