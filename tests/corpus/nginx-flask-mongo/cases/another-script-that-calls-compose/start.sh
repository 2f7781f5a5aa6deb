#!/bin/bash
DC="sudo docker compose"
for net in public-net-1 private-net-1; do
  docker network inspect $net > /dev/null 2>&1 || docker network create $net
done
$DC up -d --build
