#!/bin/bash
set -e
docker network create net-a
docker network create --internal net-b
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
