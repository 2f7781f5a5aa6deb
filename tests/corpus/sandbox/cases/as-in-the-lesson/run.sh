#!/bin/bash
# It is run with bash, in this folder. The containers' names are those in submission.yaml.
set -e

# Start box-a and box-b. Each has to listen on port 80.
docker run -d --name box-a nginx
docker run -d --name box-b nginx

# Start box-c in the sandbox of box-a. It has to keep running.
docker run -dit --name box-c --network container:box-a alpine ash
