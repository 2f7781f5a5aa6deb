#!/bin/bash
set -e
docker run -dit --name isolated alpine ash
