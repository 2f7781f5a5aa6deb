#!/bin/bash
set -e
docker swarm init
docker network create --driver overlay --attachable test-net
docker run -dit --name alpine1 --network test-net alpine
echo "TOKEN=$(docker swarm join-token --quiet worker)" > "$HANDOVER"
