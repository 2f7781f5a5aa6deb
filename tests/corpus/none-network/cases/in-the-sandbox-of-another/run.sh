#!/bin/bash
set -e
docker run -dit --name other alpine ash
docker run -dit --network container:other --name isolated alpine ash
