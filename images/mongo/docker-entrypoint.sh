#!/bin/sh
# As in the official image: options alone are options of mongod, which listens on every address by default.
set -e
[ "${1#-}" = "$1" ] || set -- mongod "$@"
if [ "$1" = mongod ]; then
  case " $* " in *" --bind_ip"*) ;; *) set -- "$@" --bind_ip_all ;; esac
fi
exec "$@"
