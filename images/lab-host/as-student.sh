#!/bin/bash
# Runs a command of a submission on a lab host: as a user who may use Docker and arrange networks and firewalls, and who
# can do nothing else to the machine; in the group that bounds whatever a submission starts (see boot.sh).
# usage: as-student COMMAND [ARGUMENT…]
set -eu

root=/sys/fs/cgroup
if [ -d $root/student/scripts ]; then groups=($root/student/scripts); else groups=($root/{memory,pids,cpu}/student/scripts); fi
for group in "${groups[@]}"; do echo $$ > "$group/cgroup.procs"; done

ulimit -c 0 -n 4096
capabilities=-all,+net_admin,+net_raw
exec setpriv --reuid student --regid student --init-groups --no-new-privs \
  --bounding-set $capabilities --inh-caps $capabilities --ambient-caps $capabilities -- "$@"
