#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
pid=$(docker inspect --format '{{.State.Pid}}' web)
ip link add extra type veth peer name extra-inside
ip link set extra up
ip link set extra-inside netns "$pid"
nsenter --target "$pid" --net ip link set extra-inside up
