#!/bin/bash
# Pausing the database keeps it quiet.
docker compose up -d --build
docker compose pause mongo
