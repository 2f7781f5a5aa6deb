#!/bin/bash
set -e
iptables -t raw -I PREROUTING -s 198.51.100.0/24 -j DROP
docker run -dit --network none --name isolated alpine ash
