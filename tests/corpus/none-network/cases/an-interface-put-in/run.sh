#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
pid=$(docker inspect --format '{{.State.Pid}}' isolated)
ip link add outer type veth peer name inner netns "$pid"
docker run --rm --network container:isolated --cap-add NET_ADMIN alpine ip link set inner up
