#!/bin/bash
set -e
docker run -d --network none --privileged --pid host --name isolated alpine nsenter --target 1 --net sleep infinity
