#!/bin/bash
# It is run with bash, in this folder. Only what makes the containers belongs here; look around in a terminal of your own.
set -e

# Start alpine1 and alpine2. Both have to keep running.
docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 alpine ash
