#!/bin/bash
set -e
docker run -d --name other_nginx --publish 80:80 nginx
docker run -d --network host --name my_nginx --volume "$PWD/default.conf:/etc/nginx/conf.d/default.conf" nginx
