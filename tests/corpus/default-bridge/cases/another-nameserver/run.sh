#!/bin/bash
set -e
docker run -dit --name alpine1 --dns 198.51.100.2 alpine ash
docker run -dit --name alpine2 alpine ash
