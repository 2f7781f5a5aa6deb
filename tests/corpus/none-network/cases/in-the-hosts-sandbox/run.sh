#!/bin/bash
set -e
docker run -dit --network host --name isolated alpine ash
