#!/usr/bin/env bash
set -o errexit -o nounset
start() {
  local box=$1; shift
  docker run --detach --interactive --tty --name "$box" "$@" alpine:latest /bin/sh
}
docker network create --attachable --subnet 10.200.7.0/28 alpine-net
start alpine3
start alpine1 --network alpine-net --ip 10.200.7.3
start alpine2 --network alpine-net --ip 10.200.7.4
start alpine4 --network alpine-net --ip 10.200.7.5
docker network connect bridge alpine4
