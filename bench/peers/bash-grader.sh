#!/bin/bash
# A plain grader of exercise 2, as somebody would write it in an afternoon: one `docker run --rm --network container:…`
# per check. A peer for the benchmark: it trusts the host's engine, checks less carefully and cannot run side by side.
# usage: bash-grader.sh FOLDER-WITH-COMPOSE-FILE        exit 1: some rule does not hold
set -u
failed=0
cd "$1"
compose() { docker compose --project-name netgrade-bench-bash "$@" 2>/dev/null; }
id() { compose ps --quiet "$1"; }
in_sandbox() { docker run --rm --network "container:$1" busybox "${@:2}"; }
address() { docker inspect --format "{{range \$n, \$e := .NetworkSettings.Networks}}{{if eq \$n \"netgrade-bench-bash_$2\"}}{{\$e.IPAddress}}{{end}}{{end}}" "$1"; }
networks() { docker inspect --format '{{range $n, $e := .NetworkSettings.Networks}}{{println $n}}{{end}}' "$1" | sed '/^$/d; s/^netgrade-bench-bash_//' | sort | paste -sd' '; }
check() { if eval "$2"; then echo "ok   $1"; else echo "FAIL $1"; failed=1; fi; }
answer() { in_sandbox "$1" wget -q -t 1 -T 5 -O - "http://$2/"; }

compose up --detach --wait >/dev/null || true
nginx=$(id nginx) flask=$(id flask-app) mongo=$(id mongo)
port=$(docker port "$nginx" 80 | head -n 1 | sed 's/.*://')
outside() { docker run --rm busybox wget -q -t 1 -T 3 -O - "http://$(docker network inspect bridge --format '{{(index .IPAM.Config 0).Gateway}}'):$port/"; }

check containers-running '[ "$(docker inspect --format "{{.State.Running}}" "$nginx" "$flask" "$mongo" | sort -u)" = true ]'
check networks-exist '[ "$(docker network ls --quiet --filter driver=bridge --filter name=netgrade-bench-bash_ | wc -l)" = 2 ]'
check nginx-public-only '[ "$(networks "$nginx")" = public-net-1 ]'
check flask-both '[ "$(networks "$flask")" = "private-net-1 public-net-1" ]'
check mongo-private-only '[ "$(networks "$mongo")" = private-net-1 ]'
check nginx-published 'outside >/dev/null'
check only-nginx-published '[ -z "$(docker port "$flask")$(docker port "$mongo")" ]'
check nginx-resolves-flask 'in_sandbox "$nginx" nslookup flask-app 127.0.0.11 | grep -q "$(address "$flask" public-net-1)"'
check flask-resolves-mongo 'in_sandbox "$flask" nslookup mongo 127.0.0.11 | grep -q "$(address "$mongo" private-net-1)"'
check embedded-dns 'in_sandbox "$nginx" grep -q 127.0.0.11 /etc/resolv.conf && in_sandbox "$flask" grep -q 127.0.0.11 /etc/resolv.conf && in_sandbox "$mongo" grep -q 127.0.0.11 /etc/resolv.conf'
check real-mongo 'in_sandbox "$flask" wget -q -t 1 -T 3 -O - http://mongo:27017/ | grep -q MongoDB'
check nginx-cannot-reach-mongo 'in_sandbox "$flask" wget -q -t 1 -T 2 -O - http://mongo:27017/ >/dev/null && ! in_sandbox "$nginx" nc -w 2 "$(address "$mongo" private-net-1)" 27017 </dev/null'
before=$(outside)
docker pause "$mongo" >/dev/null
during=$(timeout 2 bash -c "$(declare -f outside); port=$port; outside")
docker unpause "$mongo" >/dev/null
check end-to-end '[ -n "$before" ] && [ "$before" != "$during" ]'
compose down --volumes --timeout 0 >/dev/null
compose up --detach --wait >/dev/null
nginx=$(id nginx) port=$(docker port "$nginx" 80 | head -n 1 | sed 's/.*://')
check by-name-not-by-address 'outside >/dev/null'
compose down --volumes --timeout 0 >/dev/null
exit $failed
