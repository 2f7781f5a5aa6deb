#!/bin/bash
set -e
docker run -dit --name alpine1 --hostname one alpine ash
docker run -dit --name alpine2 alpine ash
