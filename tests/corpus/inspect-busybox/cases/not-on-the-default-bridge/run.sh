#!/bin/bash
set -e
docker network create first
docker network create my-net
docker run -dit --name box --network first busybox
docker network connect my-net box
