#!/bin/bash
docker network create public-net-1
docker network create private-net-1
docker compose up -d --build
