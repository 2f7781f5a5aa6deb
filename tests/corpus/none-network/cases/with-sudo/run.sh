#!/bin/bash
set -e
sudo docker run -dit --network none --name isolated alpine ash
sudo -u root NAME=isolated bash -c 'docker inspect "$NAME"' > /dev/null
