#!/bin/bash
set -e
docker run -d --name alpine1 busybox sleep infinity
docker run -d --name alpine2 busybox sleep infinity
