#!/bin/bash
set -e
docker run -d --network host --name my_nginx nginx
docker pause my_nginx
