#!/bin/bash
set -e
docker run --rm -d --network host --name my_nginx nginx
