#!/bin/bash
set -e
docker network create --subnet 192.168.211.0/26 --gateway 192.168.211.62 net-a
docker network create --subnet 192.168.212.0/24 net-b
docker run -dit --name web --hostname web-1 --network net-a --ip 192.168.211.10 alpine ash
docker run -dit --name plain --network net-a alpine ash
docker network connect --ip 192.168.212.20 --alias www net-b web
