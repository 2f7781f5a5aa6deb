#!/bin/bash
set -e
docker run -d --network none --publish 8080:80 --name isolated nginx
