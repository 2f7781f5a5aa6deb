#!/bin/bash
set -e
docker run -d --name box-a --network host nginx
docker run -d --name box-b nginx
docker run -dit --name box-c --network host alpine ash
