#!/bin/bash
set -e
docker run -dit --name box busybox
docker network create my-net
docker network connect my-net box
address=$(docker inspect --format '{{(index .NetworkSettings.Networks "my-net").IPAddress}}' box)
iptables -I OUTPUT -p icmp -d "$address" -j DROP
