#!/bin/bash
set -e
docker network create test-net
docker run -dit --name alpine2 --network test-net alpine
