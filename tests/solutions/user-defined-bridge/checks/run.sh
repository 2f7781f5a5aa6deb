#!/bin/bash
# The tutorial, and whether it worked.
set -e
docker network create --driver bridge alpine-net
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network alpine-net alpine ash
docker network connect bridge alpine4

fail() { echo "not as it should be: $1"; exit 1; }
docker exec alpine1 ping -c 1 -W 2 alpine4 > /dev/null || fail "alpine1 does not find alpine4"
docker exec alpine1 ping -c 1 -W 2 alpine3 > /dev/null 2>&1 && fail "alpine1 should not know alpine3"
addr=$(docker inspect alpine3 --format '{{ .NetworkSettings.Networks.bridge.IPAddress }}')
docker exec alpine4 ping -c 1 -W 2 "$addr" > /dev/null || fail "alpine4 does not reach alpine3"
echo "everything as it should be"
