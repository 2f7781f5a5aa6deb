#!/bin/bash
set -e
docker run -dit --name box busybox
index=$(docker exec box cat /sys/class/net/eth0/iflink)
q1=$(docker inspect --format '{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}' box)
q2=$(ip -o link | sed -n "s/^$index: \([^@]*\)@.*/\1/p")
q3=$(docker exec box ls /sys/class/net | grep eth)
q4=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' box)
q5=$(docker run --rm --network container:box alpine ip route show default)
q6=$(ip -o -4 address show docker0)
q7=$(docker exec box cat /etc/resolv.conf | awk '$1 == "nameserver"')
q8=$(awk '$1 == "nameserver"' /etc/resolv.conf)

docker network create my-net
docker network connect my-net box
q9=my-net
q10=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}' box)
q11="$(docker exec box cat /etc/resolv.conf | awk '$1 == "nameserver"') is Docker's own"
q8=8.8.8.8
for question in q1 q2 q3 q4 q5 q6 q7 q8 q9 q10 q11; do
  printf '%s: "%s"\n' "$question" "${!question}"
done > answers.yaml
