#!/bin/bash
set -e
docker run -d --name my_nginx nginx
