#!/bin/bash
set -e
docker run --rm -dit --network none --name no-net-alpine alpine:latest ash
docker exec no-net-alpine ip link show
docker exec no-net-alpine ip route
