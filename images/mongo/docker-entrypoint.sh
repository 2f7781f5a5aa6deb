#!/bin/sh
# As in the official image: options alone are options of mongod, which listens on every address by default.
set -e
[ "${1#-}" = "$1" ] || set -- mongod "$@"
if [ "$1" = mongod ]; then
  for file in /docker-entrypoint-initdb.d/*; do
    # In the words that netgrade looks for (stand-in-lacks.ts).
    if [ -f "$file" ]; then echo "netgrade's stand-in for mongo lacks what runs scripts of docker-entrypoint-initdb.d: $file" >&2; fi
  done
  case " $* " in *" --bind_ip"*) ;; *) set -- "$@" --bind_ip_all ;; esac
fi
exec "$@"
