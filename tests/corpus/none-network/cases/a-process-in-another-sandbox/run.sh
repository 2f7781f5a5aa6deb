#!/bin/bash
set -e
docker run -dit --name other alpine ash
docker run -d --network none --cap-add SYS_ADMIN --cap-add SYS_PTRACE --security-opt apparmor=unconfined --pid "container:other" --name isolated alpine \
  sh -c 'nsenter --target 1 --net sleep infinity & exec sleep infinity'
until [ "$(docker top isolated -eo pid,args | grep --count '[0-9]  *sleep')" -eq 2 ]; do :; done
