#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed hello httpd -f -p 127.0.0.1:8080 -h /www
docker run -d --name published --publish 8080:8080 hello
