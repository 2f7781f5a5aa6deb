#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name first --hostname web-1 --network net-a alpine ash
docker run -dit --name second --network net-a alpine ash
docker network connect net-b first
