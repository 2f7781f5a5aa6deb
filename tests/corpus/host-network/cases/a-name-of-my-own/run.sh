#!/bin/bash
set -e
docker run -d --network host --name front nginx
docker run -d --name back nginx
