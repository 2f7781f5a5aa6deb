#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
docker run --rm --network host --pid container:isolated --cap-add NET_ADMIN alpine \
  ip link add outer type veth peer name inner netns 1
ip address add 192.0.2.1/24 dev outer
ip link set outer up
docker run --rm --network container:isolated --cap-add NET_ADMIN alpine \
  sh -c 'ip address add 192.0.2.2/24 dev inner && ip link set inner up'
