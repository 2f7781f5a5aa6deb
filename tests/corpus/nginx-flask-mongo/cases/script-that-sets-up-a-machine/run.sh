#!/usr/bin/env bash
# From an empty machine to the finished stack.
set -euo pipefail

export DEBIAN_FRONTEND=noninteractive
sudo apt-get update -qq
sudo apt-get install -y -qq ca-certificates curl git
sudo apt-get install -y docker-ce docker-ce-cli containerd.io docker-compose-plugin
sudo service docker start
sudo groupadd docker || true
sudo usermod -aG docker "$(whoami)"

# No trace of earlier tries.
docker-compose down --remove-orphans
docker image rm -f $(docker image ls -q) || true
docker system prune --all --force --volumes

docker pull mongo:6
docker-compose build --pull
docker-compose up -d
docker-compose ps
