#!/bin/bash
set -e
docker network create --internal inside
docker run -dit --network inside --name isolated alpine ash
