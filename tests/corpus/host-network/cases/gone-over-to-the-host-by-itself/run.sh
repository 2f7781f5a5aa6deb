#!/bin/bash
set -e
docker run -d --name my_nginx --privileged --pid host nginx nsenter --target 1 --net nginx -g 'daemon off;'
