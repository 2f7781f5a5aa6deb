#!/bin/bash
docker rm -f nginx flask-app mongo
docker network rm public-net-1 private-net-1
