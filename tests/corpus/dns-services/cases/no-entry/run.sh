#!/bin/bash
set -e
docker network create lab-net
docker run -dit --name on-default alpine ash
docker run -dit --name on-custom --network lab-net alpine ash
