#!/bin/sh
# one after the other; the configuration is written here
docker network create --label exercise=2 public-net-1 && docker network create --label exercise=2 private-net-1
tmp=$(mktemp -d)
cat > "$tmp/site.conf" <<CONF
server {
  listen 80;
  access_log off;
  location = /health { return 204; }
  location / { proxy_pass http://flask-app:9090; proxy_buffering off; }
}
CONF
printf 'FROM nginx\nCOPY site.conf /etc/nginx/conf.d/default.conf\n' > "$tmp/Dockerfile"
docker build -t frontdoor "$tmp" && rm -r "$tmp"
docker build -t backroom flask-app
docker run -d --restart=on-failure --memory=300m --name=mongo --net=private-net-1 mongo --quiet
docker run -d --restart=on-failure --memory=200m --name=flask-app --net=public-net-1 backroom
docker network connect private-net-1 flask-app
docker run -d --restart=on-failure --memory=100m --name=nginx --net=public-net-1 -p 8080:80 frontdoor
docker ps --filter network=public-net-1 --filter network=private-net-1
