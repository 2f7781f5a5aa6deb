#!/bin/bash
set -e
docker compose up --detach
docker network connect bridge "$(docker compose ps --quiet alpine4)"
