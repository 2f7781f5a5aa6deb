#!/bin/bash
# It is run with bash, in this folder. Only what makes the network and the containers belongs here; look around in a terminal
# of your own.
set -e

# Make the network lab-net.
docker network create lab-net

# Start on-default and on-custom. Both have to keep running.
docker run -dit --name on-default alpine ash
docker run -dit --name on-custom --network lab-net --add-host db.internal:10.11.12.13 alpine ash
