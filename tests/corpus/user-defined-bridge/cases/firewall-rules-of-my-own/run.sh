#!/bin/bash
set -e
docker network create alpine-net
docker run -dit --name alpine1 --network alpine-net alpine ash
docker run -dit --name alpine2 --network alpine-net alpine ash
docker run -dit --name alpine3 alpine ash
docker run -dit --name alpine4 --network alpine-net alpine ash
docker network connect bridge alpine4
# What everybody is told to do about firewalls: nothing of it concerns the containers.
iptables -A INPUT -p tcp --dport 22 -j ACCEPT
iptables -I DOCKER-USER -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
iptables -I DOCKER-USER -s 192.0.2.0/24 -m comment --comment "not -j ACCEPT" -j DROP
iptables -I DOCKER-USER -i eth0 -p tcp --dport 3306 -j ACCEPT
iptables -I FORWARD -j LOG --log-prefix "seen: "
iptables -t mangle -A POSTROUTING -o docker0 -j TTL --ttl-set 64
iptables -A FORWARD -j ACCEPT
