#!/bin/bash
set -e
docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 alpine ash
