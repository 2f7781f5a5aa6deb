#!/bin/bash
set -e
docker run -d --name box nginx
docker network create my-net
docker network connect my-net box
