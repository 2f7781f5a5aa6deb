#!/bin/bash
set -e
docker run -d --network none --privileged --pid host --name isolated alpine \
  sh -c 'nsenter --target 1 --net sleep infinity & exec sleep infinity'
until [ "$(docker top isolated -eo pid,args | grep --count '[0-9]  *sleep')" -eq 2 ]; do :; done
