#!/bin/bash
set -e
docker run -d --name first nginx
docker run -d --name second nginx
docker run -dit --name guest --network container:first alpine ash
