#!/bin/bash
# It is run with bash, in this folder. Only what makes networks and containers belongs here; ping in a terminal of your own.
set -e

# Make the network alpine-net.
docker network create --driver bridge alpine-net

# Start alpine1, alpine2, alpine3 and alpine4. All have to keep running.
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network alpine-net alpine ash

# Connect alpine4 to its second network.
docker network connect bridge alpine4
