#!/bin/bash
# To look into the database from home, I forwarded a port to it.
docker compose up -d --build
mongo=$(docker compose ps --quiet mongo)
to=$(docker inspect --format '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' "$mongo")
iptables -t nat -I PREROUTING -p tcp --dport 31337 -j DNAT --to-destination "$to:27017"
iptables -t nat -I POSTROUTING -d "$to" -p tcp --dport 27017 -j MASQUERADE
iptables -I DOCKER-USER -d "$to" -p tcp --dport 27017 -m conntrack --ctorigdstport 31337 -j ACCEPT
iptables -t raw -I PREROUTING -d "$to" -p tcp --dport 27017 -j ACCEPT
