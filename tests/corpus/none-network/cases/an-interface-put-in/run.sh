#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
pid=$(docker inspect --format '{{.State.Pid}}' isolated)
ip link add outer type veth peer name inner netns "$pid"
nsenter --target "$pid" --net ip link set inner up
