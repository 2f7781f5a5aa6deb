#!/bin/bash
# `sudo` in scripts that were written at home: nobody becomes root on a lab host, and what the labs take sudo for (docker,
# ip, iptables) a submission's user may do anyway.
# usage: sudo [OPTION…] [NAME=VALUE…] COMMAND [ARGUMENT…]
shell=
while [ $# -gt 0 ]; do
  case $1 in
    -u | -g | -p | -C | -D | -R | -T | -U | -h | -r | -t) shift 2 ;;
    -i | -s | --login | --shell) shell=yes && shift ;;
    -v | -k | -K | -l | -V | --validate | --version) exit 0 ;;
    --) shift && break ;;
    -*) shift ;;
    *) break ;;
  esac
done
if [ $# -eq 0 ] && [ -n "$shell" ]; then exec bash; fi
case ${1:-} in
  chmod | chown | chgrp | setfacl)
    # Who may use the engine's socket is arranged already.
    case ${!#} in
      /var/run/docker.sock | /run/docker.sock) echo "netgrade: \`$*\`: a script may use it on a lab host already" >&2 && exit 0 ;;
    esac ;;
esac
exec env -- "$@"
