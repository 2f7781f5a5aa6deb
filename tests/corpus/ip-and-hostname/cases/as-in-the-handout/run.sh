#!/bin/bash
# It is run with bash, in this folder. Only what makes networks and containers belongs here; look around in a terminal of
# your own.
set -e

# Make the networks net-a and net-b.
docker network create net-a
docker network create net-b

# Start web and plain on net-a. Both have to keep running.
docker run -dit --name web --hostname web-1 --network net-a alpine ash
docker run -dit --name plain --network net-a alpine ash

# Connect web to net-b, while it is running.
docker network connect net-b web
