#!/bin/bash
set -e
docker network create net-b
docker compose up --detach
docker network connect net-b "$(docker compose ps --quiet web)"
