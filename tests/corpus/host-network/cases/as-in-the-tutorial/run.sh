#!/bin/bash
# It is run with bash, in this folder. Only what makes the container belongs here; look around in a terminal of your own.
set -e

# Start my_nginx in the host's sandbox.
docker run --rm -d --network host --name my_nginx nginx
