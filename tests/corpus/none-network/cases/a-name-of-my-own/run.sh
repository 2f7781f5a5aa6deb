#!/bin/bash
set -e
docker run -dit --network none --name hermit --hostname cell alpine ash
