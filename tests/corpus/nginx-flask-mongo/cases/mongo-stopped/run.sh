#!/bin/bash
# It worked, so I stop the database to save memory.
docker compose up -d --build
docker compose stop -t 1 mongo
