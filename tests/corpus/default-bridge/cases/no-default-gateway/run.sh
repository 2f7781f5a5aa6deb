#!/bin/bash
set -e
docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 --cap-add NET_ADMIN alpine ash
docker exec alpine2 ip route del default
