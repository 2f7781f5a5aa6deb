#!/bin/sh
# Installs Docker Engine, Compose v2 and Buildx from Debian's own packages: on lab hosts, and on a grading machine that
# has no engine.
# usage: install-engine.sh SUITE     SUITE: forky (Engine 28.5), trixie (26.1) or bookworm (20.10)
#
# The suite comes from the mirror this machine's own apt configuration names, pinned below everything
# else, so that nothing but the engine is taken from it.
set -eu
suite=${1:?usage: install-engine.sh SUITE}

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
echo "deb [signed-by=$keyring check-valid-until=no check-date=no] $mirror $plugins main" > /etc/apt/sources.list.d/netgrade-engine.list
printf 'Package: *\nPin: release n=%s\nPin-Priority: 90\n' "$plugins" > /etc/apt/preferences.d/netgrade-engine

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
sysusers=$(command -v systemd-sysusers >/dev/null || echo systemd-standalone-sysusers)
# shellcheck disable=SC2086  # one word a package, and none at all
apt-get install -y -qq --no-install-recommends iptables $sysusers \
  "docker.io/$suite" $cli "containerd/$suite" "docker-compose/$plugins" "docker-buildx/$plugins"
