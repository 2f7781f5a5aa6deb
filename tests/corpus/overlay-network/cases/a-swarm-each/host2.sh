#!/bin/bash
set -e
docker swarm init --advertise-addr "$HOST2"
docker network create --driver overlay --attachable test-net
docker run -dit --name alpine2 --network test-net alpine
