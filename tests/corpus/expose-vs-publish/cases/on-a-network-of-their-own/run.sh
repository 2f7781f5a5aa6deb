#!/bin/bash
set -e
docker build --tag hello .
docker network create net
docker run -d --name exposed --network net hello
docker run -d --name published --network net --publish 8080:8080 hello
