#!/bin/bash
set -e
docker build --tag hello .
docker run -d --name exposed hello
address=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' exposed)
iptables -t nat -I PREROUTING -p tcp --dport 8080 -j DNAT --to-destination "$address:8080"
iptables -I FORWARD -d "$address" -p tcp --dport 8080 -j ACCEPT
iptables -t raw -I PREROUTING -d "$address" -p tcp --dport 8080 -j ACCEPT
docker run -d --name published --publish 8081:8080 hello
