#!/bin/bash
set -e
docker run -d --network none --cap-add SYS_ADMIN --cap-add SYS_PTRACE --security-opt apparmor=unconfined --pid host --name isolated alpine nsenter --target 1 --net sleep infinity
