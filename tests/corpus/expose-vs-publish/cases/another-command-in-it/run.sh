#!/bin/bash
set -e
docker build --tag hello .
docker build --tag hello-verbose --file Dockerfile.verbose .
docker run -d --name exposed hello
docker run -d --name published --publish 8080:8080 hello-verbose
