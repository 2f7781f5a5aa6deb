#!/bin/bash
set -e
docker swarm init --advertise-addr 198.51.100.1
docker network create -d overlay --attachable private-net-1
docker compose -f stack.yaml up -d
