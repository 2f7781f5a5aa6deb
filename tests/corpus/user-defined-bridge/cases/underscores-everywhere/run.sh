#!/bin/bash
set -e
docker network create alpine_net
for i in 1 2 4; do docker run -dit --name "alpine_$i" --network alpine_net alpine ash; done
docker run -dit --name alpine_3 alpine ash
docker network connect bridge alpine_4
