#!/bin/bash
set -e
docker swarm init --advertise-addr "$HOST1"
echo "TOKEN=$(docker swarm join-token --quiet worker)" >> "$HANDOVER"
docker network create --driver overlay --attachable test-net
docker run -dit --name one --network-alias alpine1 --network test-net alpine
