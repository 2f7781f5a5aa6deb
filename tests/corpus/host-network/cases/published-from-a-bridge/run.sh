#!/bin/bash
set -e
docker run -d --name my_nginx --publish 80:80 nginx
