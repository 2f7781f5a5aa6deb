#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed hello httpd -f -p 80 -h /www
docker run -d --name published --publish 8080:8080 hello
