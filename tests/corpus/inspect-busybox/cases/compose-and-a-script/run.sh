#!/bin/bash
set -e
docker compose up --detach
docker network create my-net
docker network connect my-net "$(docker compose ps --quiet busybox)"
