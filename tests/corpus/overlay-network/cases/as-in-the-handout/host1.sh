#!/bin/bash
# It is run on machine 1. HOST1 and HOST2 are the machines' addresses.
set -e

# Make a swarm.
docker swarm init --advertise-addr "$HOST1"

# Hand over to host2.sh what it needs: a line NAME=value in the file "$HANDOVER" is a variable there.
echo "TOKEN=$(docker swarm join-token --quiet worker)" >> "$HANDOVER"

# Make the network test-net.
docker network create --driver overlay --attachable test-net

# Start alpine1. It has to keep running.
docker run -dit --name alpine1 --network test-net alpine
