#!/bin/bash
set -e
docker swarm join --advertise-addr "$HOST2" --token "$TOKEN" "$HOST1:2377"
docker run -d --name alpine2 --network test-net busybox sleep infinity
