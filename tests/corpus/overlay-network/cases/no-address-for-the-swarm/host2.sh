#!/bin/bash
set -e
docker swarm join --token "$TOKEN" "$HOST1:2377"
docker run -dit --name alpine2 --network test-net alpine
