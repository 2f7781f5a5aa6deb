#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
pid=$(docker inspect --format '{{.State.Pid}}' isolated)
ip link add outer type veth peer name inner netns "$pid"
ip address add 192.0.2.1/24 dev outer
ip link set outer up
nsenter --target "$pid" --net ip address add 192.0.2.2/24 dev inner
nsenter --target "$pid" --net ip link set inner up
