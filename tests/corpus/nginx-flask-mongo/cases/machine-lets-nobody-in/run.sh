#!/bin/bash
# To be safe, nobody outside may talk to this machine any more.
docker compose up -d --build
iptables -t raw -I PREROUTING -s 198.51.100.0/24 -j DROP
ip6tables -t raw -I PREROUTING -s 2001:db8:51::/64 -j DROP
