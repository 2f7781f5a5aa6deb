#!/bin/bash
# Called start.sh at home.
docker network create public-net-1
