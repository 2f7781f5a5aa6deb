#!/bin/bash
set -e
docker run -dit --network none --network-alias isolated --hostname isolated alpine ash
docker run -dit --network none --hostname isolated alpine ash
