#!/bin/bash
# What stands in everybody's scripts: to have it in common means nothing.
set -euo pipefail
set -eu
set -ex
cd "$(dirname "$0")"
cd "$(dirname "${BASH_SOURCE[0]}")" || exit 1
SCRIPT_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
export DEBIAN_FRONTEND=noninteractive

docker rm -f nginx flask-app mongo 2>/dev/null || true
docker rm --force alpine1 alpine2 >/dev/null 2>&1 || true
docker rm -f alpine1 alpine2 alpine3 alpine4 2>/dev/null || true
docker stop nginx flask-app mongo 2>/dev/null || true
docker network rm public-net-1 private-net-1 2>/dev/null || true
docker network rm one >/dev/null 2>&1 || true
docker network inspect one >/dev/null 2>&1 || docker network create one
docker network inspect one >/dev/null 2>&1 || docker network create --driver bridge one
docker network ls | grep one || docker network create one
docker compose down --volumes --remove-orphans || true
docker compose up -d --build
docker compose up --detach --build --wait

docker network create one
docker network create -d bridge one
docker network create --driver bridge one
docker network create --driver bridge --subnet 172.28.0.0/16 --gateway 172.28.0.1 one
docker network create --driver bridge --internal one
docker network create --subnet=172.28.0.0/16 one

docker build -t app .
docker build -t app ./flask-app
docker build --tag app ./nginx
docker build --quiet --tag app ./flask-app
docker run -d --name app --network one app
docker run -d --name app --network one --network-alias other app
docker run -d --network one --name app app
docker run -d --name app --hostname app --network one app
docker run -d --name app --network one --restart unless-stopped app
docker run -d --name app --network one -p 8080:80 app
docker run -d -p 8080:80 --name app --network one app
docker run -d --name app --network one -p 80:80 app
docker run -d --name app --network one -e MONGO_HOST=mongo app
docker run --detach --name app --network one --publish 8080:80 app
docker run --detach --name app --network one mongo
docker run -dit --name app --network one alpine ash
docker run -dit --name app --network one alpine sh
docker run -dit --network one --name app alpine ash
docker run -itd --name app --network one alpine sh
docker run -itd --name app alpine sh
docker run -dit --name app alpine sh
docker run -d --name app alpine sleep infinity
docker run -d --name app --network one alpine sleep infinity
docker run -d --name app --network one alpine sleep 3600
docker run -d --name app --network one alpine sleep 1d
docker run -d --name app --network one alpine tail -f /dev/null
docker run --detach --interactive --tty --name app --network one alpine ash
docker run --detach --interactive --tty --name app alpine ash
docker create --name app --network one app
docker network connect two app
docker network connect --alias app two app
docker network connect --ip 172.28.0.10 two app
docker run -d --rm --name app --network host nginx
docker run --rm -dit --network none --name app alpine:latest ash

for name in alpine1 alpine2; do
  docker run -dit --name "$name" --network one alpine ash
done
for name in alpine1 alpine2; do docker run -dit --name "$name" alpine ash; done

docker exec app ping -c 2 other
docker exec alpine1 ping -c 1 alpine2
docker exec -it app ping -c 4 172.17.0.3
docker exec app cat /etc/resolv.conf
docker exec app ip addr show
docker exec app ip route
docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' app
address=$(docker inspect -f '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}' app)
docker inspect --format '{{.NetworkSettings.IPAddress}}' app
docker network inspect bridge
docker network inspect one
docker container ls
docker ps
docker ps --format 'table {{.Names}}\t{{.Networks}}\t{{.Status}}'
curl -s http://localhost:8080
curl -s http://localhost:8080/
echo "done"
until docker exec mongo mongosh --eval 'db.runCommand({ ping: 1 })' >/dev/null 2>&1; do sleep 1; done
