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
docker exec alpine2 nslookup alpine4 127.0.0.11 > /dev/null || fail "the name alpine4 is not known in alpine2"
for box in alpine1 alpine2 alpine4; do
  docker exec "$box" grep -qx 'nameserver 127.0.0.11' /etc/resolv.conf || fail "$box does not ask the server of Docker"
done
echo "everything as it should be"
