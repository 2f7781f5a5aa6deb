#!/bin/bash
set -e
docker run -dit --name alpine1 alpine ash
