#!/bin/bash
set -e
docker run -d --network host --restart always nginx
