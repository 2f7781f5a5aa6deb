#!/bin/bash
set -e
docker compose -f stack.yaml up -d
iptables -I DOCKER-USER -i br-pub1 -o br-priv1 -j ACCEPT
iptables -I DOCKER-USER -i br-priv1 -o br-pub1 -j ACCEPT
iptables -t raw -I PREROUTING -i br-pub1 -j ACCEPT
iptables -t raw -I PREROUTING -i br-priv1 -j ACCEPT
