#!/bin/bash
set -e
docker run -dit --network none --name isolated alpine ash
docker run -d --network container:isolated --name server busybox sh -c 'sleep 1; exec httpd -f -p 80'
