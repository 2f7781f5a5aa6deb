#!/bin/bash
set -e
docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 --dns 203.0.113.53 --dns 198.51.100.2 alpine ash
