#!/bin/bash
# Starts everything, and makes the database visible for nginx.
docker compose up -d --build
docker network create shortcut
docker network connect shortcut "$(docker compose ps -q nginx)"
docker network connect shortcut "$(docker compose ps -q mongo)"
