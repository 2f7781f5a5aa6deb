#!/bin/bash
set -e
docker run -d --network host --publish 80:80 --name my_nginx nginx
