#!/bin/bash
set -e
docker network create lab-net
docker run -dit --name on-default alpine ash
echo 'nameserver 203.0.113.53' > resolv.conf
docker run -dit --name on-custom --network lab-net --add-host db.internal:10.11.12.13 \
  --volume "$PWD/resolv.conf:/etc/resolv.conf" alpine ash
