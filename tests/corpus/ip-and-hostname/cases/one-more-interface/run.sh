#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
ip link add extra type veth peer name extra-inside
ip link set extra up
# On the host's network, among the processes of the other: the first of them is in the sandbox that is meant.
docker run --rm --network host --pid container:web --cap-add NET_ADMIN alpine ip link set extra-inside netns 1
docker run --rm --network container:web --cap-add NET_ADMIN alpine ip link set extra-inside up
