#!/bin/bash
set -e
docker run -d --network none --name my_nginx nginx
