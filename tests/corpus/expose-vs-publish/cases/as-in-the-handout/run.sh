#!/bin/bash
# It is run with bash, in this folder, where your Dockerfile is, too.
set -e

# Build the image once.
docker build --tag hello .

# Start exposed and published from it.
docker run -d --name exposed hello
docker run -d --name published --publish 8080:8080 hello
