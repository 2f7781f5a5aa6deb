#!/bin/bash
docker network create alpine-net
for i in 1 2 4; do
  docker run -dit --name alpine$i --network alpine-net alpine ash
done
docker run -dit --name alpine3 alpine ash
docker network connect bridge alpine4
