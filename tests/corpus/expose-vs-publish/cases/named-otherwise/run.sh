#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name first --publish 8080:8080 hello
docker run -d --name second hello
