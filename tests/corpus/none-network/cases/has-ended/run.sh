#!/bin/bash
set -e
docker run -d --network none --name isolated alpine
