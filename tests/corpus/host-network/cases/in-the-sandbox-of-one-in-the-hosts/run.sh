#!/bin/bash
set -e
docker run -d --network host --name holder alpine sleep infinity
docker run -d --network container:holder --name my_nginx nginx
