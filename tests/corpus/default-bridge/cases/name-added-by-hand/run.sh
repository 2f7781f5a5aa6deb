#!/bin/bash
set -e
docker run -dit --name alpine1 alpine ash
one=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' alpine1)
docker run -dit --name alpine2 --add-host "alpine1:$one" alpine ash
