#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
number=$(docker exec plain cat /sys/class/net/eth0/iflink)
ip link set "$(ip -o link | sed -n "s/^$number: \([^@]*\)@.*/\1/p")" nomaster
