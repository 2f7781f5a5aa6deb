#!/bin/bash
# Runs a command of a submission on a lab host: as a user who may use Docker and arrange networks and firewalls, and who
# can do nothing else to the machine; in the group that bounds whatever a submission starts (see boot.sh); and in
# namespaces of its own, so that it sees neither the processes of others (their root directories hold device files) nor
# the engine's data, and that nothing is left of it in the end.
# usage: as-student COMMAND [ARGUMENT…]
set -eu

if [ "$1" != --inside ]; then
  root=/sys/fs/cgroup
  if [ -d $root/student/scripts ]; then groups=($root/student/scripts); else groups=($root/{memory,pids,cpu}/student/scripts); fi
  for group in "${groups[@]}"; do echo $$ > "$group/cgroup.procs"; done
  ulimit -n 4096
  exec unshare --mount --pid --fork --kill-child --mount-proc "$0" --inside "$@"
fi

shift
# The engine follows no links there, see boot.sh; scripts do.
for each in /home/student /tmp; do mount -o remount,bind,nosuid,nodev,symfollow $each; done
mount -t tmpfs -o ro,size=4k,mode=0 none /var/lib/docker
# Scripts that set up Docker at home write here, and nothing on this machine reads it from here.
mount -t tmpfs -o size=1m none /etc/apt
install -d -o student /etc/apt/{apt.conf.d,keyrings,preferences.d,sources.list.d,trusted.gpg.d}
# In a lab about a swarm, the engine is reached through a door that shows nobody a token (swarm-door.ts).
if [ -S /run/netgrade-door/docker.sock ]; then mount --bind /run/netgrade-door/docker.sock /var/run/docker.sock; fi
capabilities=-all,+net_admin,+net_raw
code=0
# bash would say on its own part that a command was killed.
exec 3>&2 2> /dev/null
setpriv --reuid student --regid student --init-groups --no-new-privs \
  --bounding-set $capabilities --inh-caps $capabilities --ambient-caps $capabilities -- "$@" 2>&3 3>&- || code=$?

# What was started in the background (`docker run … &`) gets a while to end by itself. Then it ends with this process,
# the first of its namespace: while a submission is looked at, nothing of it but its containers is there to notice.
alone() { set -- /proc/[0-9]*; [ $# -eq 1 ]; }
for ((tenths = 0; tenths < 50; tenths++)); do
  if alone; then break; fi
  sleep 0.1
done
exit $code
