#!/bin/bash
set -e
docker network create lab-net
docker run -dit --name on-custom --network lab-net --add-host db.internal:10.11.12.13 alpine ash
