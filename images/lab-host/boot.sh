#!/bin/bash
# PID 1 of a lab host: gives the machine a face of its own, then starts its Docker Engine (20.10 or later).
#
#   NETGRADE_POOL  address pool for networks, "base/prefix" (a /16), e.g. 10.201.0.0/16
#   NETGRADE_BIP   address of docker0, e.g. 10.201.255.1/24
#   /golden        a Docker data root whose image layers are shared read-only (absent while it is being filled)
set -eu

golden=/golden data=/var/lib/docker

# The layers are bind-mounted, everything else (1 MB) is copied: a machine with all its images in well
# under a second, and nothing shared for writing. Networks are made anew. The engine's id is copied too:
# BuildKit finds its cached results by it.
share_golden_layers() {
  tar -C $golden -c --exclude='./overlay2/*/diff' --exclude=./network --exclude=./containers \
    --exclude=./volumes --exclude=./tmp . | tar -C $data -x
  local layer layers=()
  for layer in $golden/overlay2/*/diff; do
    layer=${layer#"$golden/"}
    layers+=("$data/$layer")
    echo "$golden/$layer $data/$layer none bind,ro 0 0"
  done > /run/layers.fstab
  mkdir -p "${layers[@]}"
  mount -a -T /run/layers.fstab
}

# Containers on cgroup v2 need a delegated tree whose root holds no process.
delegate_cgroups() {
  [ -f /sys/fs/cgroup/cgroup.controllers ] || return 0
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 < /sys/fs/cgroup/cgroup.procs > /sys/fs/cgroup/init/cgroup.procs 2>/dev/null || true
  sed 's/ / +/g; s/^/+/' /sys/fs/cgroup/cgroup.controllers > /sys/fs/cgroup/cgroup.subtree_control
}

# A nameserver and a hosts line that no other machine has, so that "copied from the host" is an exact
# statement. Unknown names are answered at once; only full names are asked of the grading host's servers.
sentinels() {
  local upstream
  upstream=$(awk '$1 == "nameserver" { print "--server=" $2 }' /etc/resolv.conf)
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

# Overlay networks live in their own namespace: from this one, a packet to 10.0.x.y (swarm's default pool) would
# leave the machine for somebody else's network.
keep_overlay_addresses_inside() {
  ip route add unreachable 10.0.0.0/16
}

delegate_cgroups
# As on a machine with systemd, dockerd finds containerd running: 26.1 would wait a whole second for its own.
containerd --log-level warn &
if [ -d $golden ]; then share_golden_layers; fi
sentinels
forward_nothing
keep_overlay_addresses_inside
until [ -S /run/containerd/containerd.sock ]; do sleep 0.01; done

# The unix socket only: a TCP port would be open to the student's containers.
dockerd --host=unix:///var/run/docker.sock --storage-driver=overlay2 \
  --default-address-pool="base=$NETGRADE_POOL,size=24" --bip="$NETGRADE_BIP" &
engine=$!
trap 'kill -TERM $engine' TERM INT
wait $engine || wait $engine
