#!/bin/bash
set -e
docker swarm join --advertise-addr "$HOST2" --token "$TOKEN" "$HOST1:2377"
docker run -dit --name alpine2 --network test-net alpine true
