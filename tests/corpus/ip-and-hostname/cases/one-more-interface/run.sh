#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
pid=$(docker inspect --format '{{.State.Pid}}' web)
ip link add extra type veth peer name extra-inside netns "$pid"
ip link set extra up
docker run --rm --network container:web --cap-add NET_ADMIN alpine ip link set extra-inside up
