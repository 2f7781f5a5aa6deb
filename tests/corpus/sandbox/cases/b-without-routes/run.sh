#!/bin/bash
set -e
docker run -d --name box-a nginx
docker run -d --name box-b nginx
nsenter --target "$(docker inspect --format '{{.State.Pid}}' box-b)" --net ip route flush table main
docker run -dit --name box-c --network container:box-a alpine ash
