#!/bin/bash
set -e
docker network create lab-net
docker run -dit --name on-default --dns-search lab.test --hostname one alpine ash
docker run -d --name on-custom --network lab-net --network-alias front --dns-search lab.test \
  --add-host db.internal:10.11.12.13 nginx
