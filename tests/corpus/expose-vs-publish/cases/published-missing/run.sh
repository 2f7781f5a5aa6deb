#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed hello
