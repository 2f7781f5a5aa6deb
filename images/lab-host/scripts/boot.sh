#!/bin/bash
# PID 1 of a lab host: gives the machine a face of its own, then starts its Docker Engine (20.10 or later).
#
#   NETGRADE_POOL  address pool for networks, "base/prefix" (a /16), e.g. 10.201.0.0/16
#   NETGRADE_BIP   address of docker0, e.g. 10.201.255.1/24
#   NETGRADE_DISK     size of the disk on which the engine's data and the home folder lie, e.g. 4G; without it, nothing that
#                     is done on this machine has bounds
#   NETGRADE_MEMORY   bytes of memory for the submission: its scripts and its containers together
#   NETGRADE_PIDS     processes and threads of the submission
#   NETGRADE_ENGINE_MEMORY, NETGRADE_ENGINE_PIDS  the same for the engine, which does what the submission asks of it
#   NETGRADE_SETTINGS  its engine's daemon.json; without it, the image's
#   NETGRADE_WAY_OUT  "yes" when the machine has a way out to the network
#   /golden        a Docker data root whose image layers are shared read-only (absent while it is being filled)
set -eu

golden=/golden data=/var/lib/docker groups=/sys/fs/cgroup
# What the engine prints goes to the grading host, unless there are bounds.
engine_log=/dev/stdout

# A full disk is the submission's own affair: it lies in a file, and the grading host's disk has room for other things.
# Without a journal, and its tables are written as they are needed: it is thrown away, whatever becomes of it.
own_disk() {
  local file=$data/disk
  truncate -s "$NETGRADE_DISK" $file
  mkfs.ext4 -q -F -m 0 -O ^has_journal -E lazy_itable_init=1,nodiscard $file
  local device
  device=$(loop_device $file)
  mount -o noatime "$device" $data
  losetup --detach "$device" # it goes with the mount, and that with the machine
  chmod 711 $data
  engine_log=$data/engine.log
  install -m 600 /dev/null $engine_log
  mkdir $data/home
  mount --bind $data/home /home/student
  chown student:student /home/student
  # A container's root may leave device files and set-uid programs in a folder that it mounts: nobody here can use them.
  # And the engine follows no links there (Linux 5.10 or later): whoever can make one could lead it anywhere on this
  # machine, after the policy has judged the path. Scripts and containers see the folder by mounts of their own, where
  # links work; see as-student.sh and runc.sh.
  mount -o remount,bind,nosuid,nodev,nosymfollow /home/student
  mkdir -m 701 $data/volumes
  mount --bind $data/volumes $data/volumes
  mount -o remount,bind,nosymfollow $data/volumes
  # Containers may mount what is here, too, so the same holds.
  mkdir -m 1777 $data/scratch
  mount --bind $data/scratch /tmp
  mount -o remount,bind,nosuid,nodev,nosymfollow /tmp
  # A submission finds no other place to write to.
  local folder
  for folder in /var/tmp /run/lock; do
    mkdir -p $folder
    mount -t tmpfs -o size=64m,mode=1777,nosuid,nodev tmpfs $folder
  done
}

# Other lab hosts look for a free one at the same time, and only those that were there when this machine was made have a
# name in its /dev.
loop_device() {
  local attempt device
  for attempt in {1..100}; do
    device=$(losetup --find)
    [ -b "$device" ] || mknod "$device" b 7 "${device#/dev/loop}"
    if losetup "$device" "$1" 2> /dev/null; then echo "$device" && return; fi
  done
  echo 'no loop device is free' >&2
  return 1
}

# The layers are bind-mounted, everything else (1 MB) is copied: a machine with all its images in well
# under a second, and nothing shared for writing. Networks are made anew. The engine's id is copied too:
# BuildKit finds its cached results by it.
share_golden_layers() {
  tar -C $golden -c --exclude='./overlay2/*/diff' --exclude=./network --exclude=./containers \
    --exclude=./volumes --exclude=./tmp --exclude=./registry . | tar -C $data -x
  local layer layers=()
  for layer in $golden/overlay2/*/diff; do
    layer=${layer#"$golden/"}
    layers+=("$data/$layer")
    echo "$golden/$layer $data/$layer none bind,ro 0 0"
  done > /run/layers.fstab
  # What the registry has (helpers/machine/probe/agent/registry.ts).
  if [ -d $golden/registry ]; then
    layers+=("$data/registry")
    echo "$golden/registry $data/registry none bind,ro 0 0" >> /run/layers.fstab
  fi
  mkdir -p "${layers[@]}"
  mount -a -T /run/layers.fstab
  umount $golden # what was mounted from there stays; a submission has no business in it
}

# Nobody has this user id on the grading host or on another lab host: what the kernel counts by user is the student's own.
# It is above the ids that are given out for containers (systemd's end at 0x6fffffff).
draw_student() {
  sed -i "/^student:/s/\\b1000\\b/$((0x70000000 + SRANDOM % 0x0fff0000))/g" /etc/passwd /etc/group
  chown -R student:student /home/student
}

# Containers on cgroup v2 need a delegated tree whose root holds no process.
delegate_cgroups() {
  [ -f $groups/cgroup.controllers ] || return 0
  mkdir -p $groups/engine
  xargs -rn1 < $groups/cgroup.procs > $groups/engine/cgroup.procs 2>/dev/null || true
  sed 's/ / +/g; s/^/+/' $groups/cgroup.controllers > $groups/cgroup.subtree_control
}

# Whatever the submission starts, as a script, in a container or in a build, is in one group ("student") with an end of its
# own to memory and processes, and with a small share of the processor when others want it. The engine has a group beside
# it. Nobody makes another one, whatever group a build names: what is above these two is read-only from now on.
bound_students() {
  local top tops=($groups/memory $groups/pids)
  if [ -f $groups/cgroup.controllers ]; then tops=($groups); fi
  for top in "${tops[@]}"; do
    mkdir -p "$top"/{student/scripts,engine}
    bound "$top/student" "$NETGRADE_MEMORY" "$NETGRADE_PIDS"
    bound "$top/engine" "$NETGRADE_ENGINE_MEMORY" "$NETGRADE_ENGINE_PIDS"
    echo $$ > "$top/engine/cgroup.procs" # and with this process all that it starts
    mount --bind "$top/student" "$top/student"
    mount -o remount,bind,ro "$top"
  done
  if [ -d $groups/cpu ]; then
    mkdir -p $groups/cpu/student/scripts
    echo 256 > $groups/cpu/student/cpu.shares
  else
    echo 25 > $groups/student/cpu.weight
  fi
}

# usage: bound GROUP BYTES PROCESSES    of which the group has what its version of control groups has at this place
bound() {
  local file
  for file in memory.max memory.limit_in_bytes memory.memsw.limit_in_bytes; do # the last one needs swap accounting
    if [ -f "$1/$file" ]; then echo "$2" > "$1/$file"; fi
  done
  if [ -f "$1/memory.swap.max" ]; then echo 0 > "$1/memory.swap.max"; fi
  if [ -f "$1/pids.max" ]; then echo "$3" > "$1/pids.max"; fi
}

# Runs a part of the engine, and runs it again when it has ended because of the bounds of its group: too much was asked of it
# then, and what is left of the submission can still be looked at. When it ends for another reason, that is nobody's fault.
keep_running() {
  local code=0 seen=0 now=0
  until [ "$now" -lt "$seen" ]; do
    seen=$((now + 1)) code=0
    "$@" >> $engine_log 2>&1 || code=$?
    now=$(overworked)
  done
  return $code
}

# How often the kernel has ended a process of the engine because memory was used up, or has refused it a process or a thread.
overworked() {
  {
    grep -hs '^oom_kill ' $groups/{,memory/}engine/memory.{events,oom_control}
    grep -hs '^max ' $groups/{,pids/}engine/pids.events
  } | awk '{ sum += $2 } END { print sum + 0 }'
}

# A nameserver and a hosts line that no other machine has, so that "copied from the host" is an exact
# statement. Unknown names are answered at once; only full names are asked of the grading host's servers, and none where
# there is no way out.
sentinels() {
  local upstream='--address=/#/'
  if [ "${NETGRADE_WAY_OUT:-}" = yes ]; then
    upstream=$(awk '$1 == "nameserver" { print "--server=" $2 }' /etc/resolv.conf)
  fi
  ip addr add 203.0.113.53/32 dev lo
  # shellcheck disable=SC2086  # one word a server
  dnsmasq --no-resolv --no-hosts --domain-needed --bogus-priv --bind-interfaces --listen-address=203.0.113.53 \
    --address=/only-this-host.netgrade.test/203.0.113.99 $upstream
  printf 'nameserver 203.0.113.53\n' > /etc/resolv.conf
  echo '203.0.113.77 sentinel.netgrade.test' >> /etc/hosts
}

# As on any machine before its first container. Inherited from a grading host that forwards already, it would keep the
# engine from closing FORWARD: before 28, that is all that stops a neighbour from routing to a container.
forward_nothing() {
  sysctl -qw net.ipv4.ip_forward=0
}

# The older half of iptables removes a rule in a tenth of nf_tables' time, and an engine removes many whenever a network or
# a container ends. Not every kernel still has it. Its lock is for all who may arrange a firewall.
firewall() {
  if has_tables iptables && has_tables ip6tables; then
    install -m 660 -g docker /dev/null /run/xtables.lock
  else
    update-alternatives --set iptables /usr/sbin/iptables-nft
    update-alternatives --set ip6tables /usr/sbin/ip6tables-nft
  fi > /dev/null 2>&1
}

has_tables() {
  local table
  for table in filter nat raw mangle; do "$1" --wait -t $table -S || return; done
}

# Overlay networks live in their own namespace: from this one, a packet to 10.0.x.y (swarm's default pool) would
# leave the machine for somebody else's network.
keep_overlay_addresses_inside() {
  ip route add unreachable 10.0.0.0/16
}

if [ -n "${NETGRADE_SETTINGS:-}" ]; then printf '%s' "$NETGRADE_SETTINGS" > /etc/docker/daemon.json; fi
draw_student
delegate_cgroups
engine_options=()
if [ -n "${NETGRADE_DISK:-}" ]; then
  own_disk
  bound_students
  engine_options+=(--cgroup-parent=/student)
fi
# Open files of a process in a container, where the grading host allows more.
if [ "$(ulimit -Hn)" = unlimited ] || [ "$(ulimit -Hn)" -gt 65536 ]; then ulimit -n 65536; fi
# As on a machine with systemd, dockerd finds containerd running: 26.1 would wait a whole second for its own.
keep_running containerd --log-level warn &
if [ -d $golden ]; then share_golden_layers; fi
sentinels
forward_nothing
firewall
keep_overlay_addresses_inside
until [ -S /run/containerd/containerd.sock ]; do sleep 0.01; done

# The unix socket only: a TCP port would be open to the student's containers.
keep_running dockerd --host=unix:///var/run/docker.sock --storage-driver=overlay2 \
  --default-address-pool="base=$NETGRADE_POOL,size=24" --bip="$NETGRADE_BIP" \
  "${engine_options[@]}" &
engine=$!
trap 'pkill -x dockerd' TERM INT
code=0
wait $engine || wait $engine || code=$?
if [ -f $engine_log ]; then tail -n 5 $engine_log; fi
exit $code
