#!/bin/bash
# Start everything, stop the database.
docker compose up -d --build
docker compose kill mongo
