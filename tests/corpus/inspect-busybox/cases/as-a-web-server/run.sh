#!/bin/bash
set -e
docker run -d --name inspected --publish 8080:80 busybox httpd -f -h /etc
docker run -d --name website nginx
docker network create --subnet 192.168.240.0/24 lab_net
docker network connect --ip 192.168.240.9 lab_net inspected
