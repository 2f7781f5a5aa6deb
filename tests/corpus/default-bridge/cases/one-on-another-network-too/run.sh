#!/bin/bash
set -e
docker network create my-net
docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 alpine ash
docker network connect my-net alpine2
