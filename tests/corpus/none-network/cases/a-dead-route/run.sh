#!/bin/bash
set -e
docker run -dit --network none --cap-add NET_ADMIN --name isolated alpine ash
docker exec isolated ip route add 192.0.2.0/24 dev lo
