#!/bin/bash
set -e
docker network create net-a
docker network create net-b
docker run -dit --name plain --network net-a alpine ash
