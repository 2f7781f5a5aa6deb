#!/bin/bash
set -e
docker swarm init --advertise-addr "$HOST1"
echo "TOKEN=$(docker swarm join-token --quiet worker)" >> "$HANDOVER"
docker network create --driver overlay --attachable --subnet 10.0.77.0/24 test-net
docker run -dit --name alpine1 --network test-net alpine
