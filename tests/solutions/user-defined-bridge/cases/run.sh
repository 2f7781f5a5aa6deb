#!/bin/bash
docker network ls --format '{{.Name}}' | grep -qx alpine-net || docker network create alpine-net
n=1
while [ $n -le 4 ]; do
  case $n in
    3) where="bridge" ;;
    *) where="alpine-net" ;;
  esac
  docker create --interactive --tty --name "alpine$n" --network "$where" alpine ash
  docker start "alpine$n"
  n=$((n + 1))
done
docker network connect bridge alpine4
