#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a --cap-add NET_ADMIN alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
docker exec web ip address add 192.0.2.7/24 dev eth1
