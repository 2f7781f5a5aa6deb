#!/bin/bash
# It is run with bash, in this folder. Only what makes the container belongs here; look around in a terminal of your own.
set -e

# Start isolated without a network. It has to keep running.
docker run --rm -dit --network none --name isolated alpine ash
