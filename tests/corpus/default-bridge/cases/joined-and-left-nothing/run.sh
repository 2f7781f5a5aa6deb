#!/bin/bash
set -e
docker network create other
docker run -dit --name bystander --network other alpine ash
docker run -dit --name alpine1 alpine ash
docker run -dit --name alpine2 alpine ash
