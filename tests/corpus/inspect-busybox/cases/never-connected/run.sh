#!/bin/bash
set -e
docker run -dit --name box busybox
docker network create my-net
