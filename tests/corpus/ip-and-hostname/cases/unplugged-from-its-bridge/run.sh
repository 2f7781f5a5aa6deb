#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
pid=$(docker inspect --format '{{.State.Pid}}' plain)
number=$(nsenter --target "$pid" --net ip -o link show eth0 | sed 's/.*@if\([0-9]*\):.*/\1/')
ip link set "$(ip -o link | sed -n "s/^$number: \([^@]*\)@.*/\1/p")" nomaster
