#!/bin/bash
set -e
docker run -dit --sysctl net.ipv4.icmp_echo_ignore_all=1 --name box busybox
docker network create my-net
docker network connect my-net box
