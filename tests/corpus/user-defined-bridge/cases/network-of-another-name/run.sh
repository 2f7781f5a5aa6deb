#!/bin/bash
set -e
docker network create my-net
docker run -dit --name alpine1 --network my-net alpine ash
docker run -dit --name alpine2 --network my-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network my-net alpine ash
docker network connect bridge alpine4
