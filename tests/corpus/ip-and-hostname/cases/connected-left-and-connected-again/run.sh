#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect net-b web
docker network disconnect net-b web
docker network connect net-b web
