#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed --expose 8080 hello
docker run -d --name published --expose 8080 --publish 8080:8080 hello
