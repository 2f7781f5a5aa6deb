#!/bin/bash
set -e
docker compose -f stack.yaml up -d
target=$(docker inspect --format '{{range $name, $endpoint := .NetworkSettings.Networks}}{{if eq $name "web-shop_data-net"}}{{$endpoint.IPAddress}}{{end}}{{end}}' web-shop-orders-1)
iptables -I DOCKER-USER -i br-office -o br-data -d "$target" -j ACCEPT
iptables -I DOCKER-USER -i br-data -o br-office -s "$target" -j ACCEPT
iptables -t raw -I PREROUTING -i br-office -d "$target" -j ACCEPT
iptables -t raw -I PREROUTING -i br-data -s "$target" -j ACCEPT
