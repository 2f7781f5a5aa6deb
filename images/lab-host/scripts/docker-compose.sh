#!/bin/sh
# `docker-compose`, as the first edition of Compose was called: the second one does what it did.
# usage: as `docker compose`
exec docker compose "$@"
