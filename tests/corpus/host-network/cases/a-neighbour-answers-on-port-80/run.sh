#!/bin/bash
set -e
docker run -d --network host --name other_nginx nginx
docker run -d --network host --name my_nginx --volume "$PWD/default.conf:/etc/nginx/conf.d/default.conf" nginx
