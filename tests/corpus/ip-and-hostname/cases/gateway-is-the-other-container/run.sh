#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a --cap-add NET_ADMIN alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
other=$(docker inspect --format '{{(index .NetworkSettings.Networks "net-a").IPAddress}}' plain)
docker exec web ip route replace default via "$other"
