#!/usr/bin/env bash
set -euo pipefail

say() {
  printf '[%s] %s\n' "$(date +%T)" "$*" >&2
}

make_network() {
  local net=$1
  if ! docker network inspect "$net" > /dev/null 2>&1; then
    say "making network $net"
    docker network create --driver bridge "$net" > /dev/null
  fi
}

wait_for_port() {
  local box=$1 port=$2 tries=0
  while ! docker exec "$box" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port" 2> /dev/null; do
    tries=$((tries + 1))
    if [ "$tries" -gt 40 ]; then
      say "$box does not listen on port $port"
      return 1
    fi
    sleep 0.5
  done
}

for net in public-net-1 private-net-1; do make_network "$net"; done

say "building"
docker build --quiet --tag ex2/front nginx > /dev/null
docker build --quiet --tag ex2/middle flask-app > /dev/null

docker run --detach --name mongo --network private-net-1 mongo
wait_for_port mongo 27017
docker run --detach --name flask-app --network private-net-1 ex2/middle
docker network connect public-net-1 flask-app
docker run --detach --name nginx --network public-net-1 --publish 8080:80 ex2/front
