#!/bin/bash
set -e
docker run -dit --name alpine1 --cap-add NET_ADMIN alpine ash
docker run -dit --name alpine2 alpine ash
other=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' alpine2)
docker exec alpine1 ip route replace default via "$other"
