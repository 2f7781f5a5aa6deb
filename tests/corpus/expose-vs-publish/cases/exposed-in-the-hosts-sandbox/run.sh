#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed --network host hello
docker run -d --name published --publish 8081:8080 hello
