#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
pid=$(docker inspect --format '{{.State.Pid}}' isolated)
ip link add outer type veth peer name inner netns "$pid"
ip address add 192.0.2.1/24 dev outer
ip link set outer up
docker run --rm --network container:isolated --cap-add NET_ADMIN alpine \
  sh -c 'ip address add 192.0.2.2/24 dev inner && ip link set inner up'
