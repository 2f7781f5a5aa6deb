#!/bin/sh
# Installs Docker Engine, Compose v2 and Buildx from Debian's own packages: on lab hosts, and on a grading machine that
# has no engine.
# usage: install-engine.sh SUITE [RUNC]
#   SUITE  forky (Engine 28.5), trixie (26.1) or bookworm (20.10)
#   RUNC   the suite of its runc, and of the C library that this runc needs; without it, both are the machine's own
#
# Suites come from the mirror this machine's own apt configuration names, pinned below everything else, so that nothing
# but the engine is taken from them.
set -eu
suite=${1:?usage: install-engine.sh SUITE [RUNC]} runc=${2:-}

# bookworm's Compose is still version 1, it has no Buildx, and its docker.io holds the command line too.
case $suite in
  bookworm) plugins=trixie cli= ;;
  *) plugins=$suite cli=docker-cli/$suite ;;
esac

# apt's classic format has "deb [options] URI suite"; the deb822 format has "URIs: URI".
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources 2>/dev/null |
  awk '$1 == "URIs:" { print $2; exit } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }')
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -n "$mirror" ] || { echo "no Debian mirror in this machine's apt configuration" >&2; exit 1; }
[ -f "$keyring" ] || { echo "$keyring is missing: not a Debian machine" >&2; exit 1; }

# A testing suite's Release file may be past its date on a mirror: the signature is still checked.
for each in $plugins $runc; do
  echo "deb [signed-by=$keyring check-valid-until=no check-date=no] $mirror $each main" > "/etc/apt/sources.list.d/netgrade-$each.list"
  printf 'Package: *\nPin: release n=%s\nPin-Priority: 90\n' "$each" > "/etc/apt/preferences.d/netgrade-$each"
done

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
sysusers=$(command -v systemd-sysusers >/dev/null || echo systemd-standalone-sysusers)
# shellcheck disable=SC2086  # one word a package, and none at all
apt-get install -y -qq --no-install-recommends iptables $sysusers \
  "docker.io/$suite" $cli "containerd/$suite" "docker-compose/$plugins" "docker-buildx/$plugins" \
  ${runc:+"runc/$runc" "libc6/$runc" "libc-bin/$runc" "base-files/$runc"}
