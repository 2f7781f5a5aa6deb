#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
ip link add outer type veth peer name inner
# On the host's network, among the processes of the other: the first of them is in the sandbox that is meant.
docker run --rm --network host --pid container:isolated --cap-add NET_ADMIN alpine ip link set inner netns 1
ip address add 192.0.2.1/24 dev outer
ip link set outer up
docker run --rm --network container:isolated --cap-add NET_ADMIN alpine \
  sh -c 'ip address add 192.0.2.2/24 dev inner && ip link set inner up'
