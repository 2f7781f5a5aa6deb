#!/bin/bash
set -e
docker network create alpine-net
docker run -dit --name first --network alpine-net alpine ash
docker run -dit --name second --network alpine-net alpine ash
docker run -dit --name apart alpine ash
docker run -dit --name between --network alpine-net alpine ash
docker network connect bridge between
