#!/bin/bash
set -e
docker run -dit --name box alpine
docker network create my-net
docker network connect my-net box
