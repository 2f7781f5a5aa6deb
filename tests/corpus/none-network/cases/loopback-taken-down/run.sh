#!/bin/bash
set -e
docker run -dit --network none --cap-add NET_ADMIN --name isolated alpine ash
docker exec isolated ip link set lo down
