#!/bin/bash
set -e
docker run -d --name box-a nginx
docker run -d --name box-b nginx
docker run --rm --network container:box-b --cap-add NET_ADMIN alpine ip route flush table main
docker run -dit --name box-c --network container:box-a alpine ash
