#!/bin/bash
set -e
docker create -it --network none --name isolated alpine ash
