#!/bin/bash
set -e
docker run --rm -dit --network none --name isolated alpine ash
