#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed --publish 8081:8080 hello
docker run -d --name published --publish 8080:8080 hello
