#!/bin/bash
set -e
docker run -dit --name alpine1 --cap-add NET_ADMIN alpine ash
docker run -dit --name alpine2 alpine ash
docker exec alpine1 ip address add 192.0.2.7/24 dev eth0
