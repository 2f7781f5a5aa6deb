#!/bin/bash
set -e
docker network create lab-net
docker run -dit --name on-default --dns 203.0.113.53 --dns 198.51.100.2 alpine ash
docker run -dit --name on-custom --network lab-net --add-host db.internal:10.11.12.13 alpine ash
