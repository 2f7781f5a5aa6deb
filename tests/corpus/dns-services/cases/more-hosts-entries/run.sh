#!/bin/bash
set -e
docker network create lab-net
docker run -dit --name on-default alpine ash
docker run -dit --name on-custom --network lab-net --add-host cache.internal:10.11.12.14 \
  --add-host db.internal:10.11.12.13 --add-host machine:host-gateway alpine ash
