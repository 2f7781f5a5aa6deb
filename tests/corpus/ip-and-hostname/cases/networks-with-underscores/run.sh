#!/bin/bash
set -e
docker network create net_a
docker network create net_b
docker run -dit --name web --hostname web-1 --network net_a alpine ash
docker run -dit --name plain --network net_a alpine ash
docker network connect net_b web
