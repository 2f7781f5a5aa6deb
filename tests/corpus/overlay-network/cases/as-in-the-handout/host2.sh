#!/bin/bash
# It is run on machine 2 when host1.sh has ended. HOST1 and HOST2 are the machines' addresses.
set -e

# Join the swarm.
docker swarm join --advertise-addr "$HOST2" --token "$TOKEN" "$HOST1:2377"

# Start alpine2. It has to keep running.
docker run -dit --name alpine2 --network test-net alpine
