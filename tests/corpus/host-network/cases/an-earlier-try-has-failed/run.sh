#!/bin/bash
set -e
docker run -d --network host --name my_nginx nginx
until curl --silent http://localhost/; do :; done
docker run -d --name first_try --publish 80:80 nginx || true
