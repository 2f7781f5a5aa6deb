#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
docker run --rm --network host --pid container:isolated --cap-add NET_ADMIN alpine \
  ip link add outer type veth peer name inner netns 1
docker run --rm --network container:isolated --cap-add NET_ADMIN alpine ip link set inner up
