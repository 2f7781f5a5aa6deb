#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker create -it --name web --hostname web-1 --network net-a alpine ash
docker network connect net-b web
docker start web
docker run -dit --name plain --network net-a alpine ash
