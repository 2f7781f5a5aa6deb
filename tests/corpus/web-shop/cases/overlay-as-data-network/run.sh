#!/bin/bash
set -e
docker swarm init --advertise-addr 198.51.100.1
docker network create -d overlay --attachable data-net
docker compose -f stack.yaml up -d
