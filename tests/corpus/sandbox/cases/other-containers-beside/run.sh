#!/bin/bash
set -e
docker run -d --name box-a nginx
docker run -d --name box-b nginx
docker run -dit --name box-c --network container:box-a alpine ash
docker run -dit --name another-guest --network container:box-a alpine ash
docker run -dit --name guest-of-b --network container:box-b alpine ash
docker run -d --name box-d --network host nginx
