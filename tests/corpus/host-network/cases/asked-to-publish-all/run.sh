#!/bin/bash
set -e
docker run -d --network host --publish-all --name my_nginx nginx
