#!/usr/bin/env bash
# Containers are created, wired up, and only then started.
set -eu
for net in public-net-1 private-net-1; do docker network create "$net"; done
docker build -q -t course/web nginx
docker build -q -t course/app flask-app
docker create --name ex2-db --network private-net-1 --network-alias mongo mongo
docker create --name ex2-app --network private-net-1 --network-alias flask-app course/app
docker network connect --alias flask-app public-net-1 ex2-app
docker create --name ex2-web --network public-net-1 --network-alias nginx -p 8080:80 course/web
docker start ex2-db ex2-app ex2-web
