#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed hello
docker run -d --name published --publish 8080:9090 hello httpd -f -p 9090 -h /www
