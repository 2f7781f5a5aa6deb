#!/bin/bash
set -e
docker run -dit --name box busybox
docker network create my-net
docker network connect my-net box
docker network create other
docker network connect other box
