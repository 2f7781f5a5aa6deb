#!/bin/bash
set -e
docker run -d --name my_nginx --privileged --network host nginx unshare --net nginx -g 'daemon off;'
