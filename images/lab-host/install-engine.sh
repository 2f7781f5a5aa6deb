#!/bin/sh
# Installs Docker Engine, Compose v2 and Buildx from Debian's own packages.
# usage: install-engine.sh SUITE     SUITE: forky (28.x), trixie (26.x) or bookworm
#
# The suite comes from the mirror this machine's own apt configuration names, pinned below everything
# else, so that nothing but the engine is taken from it. Used for lab-host images and, with --host, for
# the grading machine itself.
set -eu
suite=${1:?usage: install-engine.sh SUITE}

# apt's classic format has "deb [options] URI suite"; the deb822 format has "URIs: URI".
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list.d/ubuntu.sources 2>/dev/null |
  awk '$1 == "URIs:" { print $2; exit } $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /:\/\//) { print $i; exit } }')
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ -n "$mirror" ] || { echo "no Debian mirror in this machine's apt configuration" >&2; exit 1; }
[ -f "$keyring" ] || { echo "$keyring is missing: not a Debian machine" >&2; exit 1; }

# A testing suite's Release file may be past its date on a mirror: the signature is still checked.
echo "deb [signed-by=$keyring check-valid-until=no check-date=no] $mirror $suite main" > /etc/apt/sources.list.d/netgrade-engine.list
printf 'Package: *\nPin: release n=%s\nPin-Priority: 90\n' "$suite" > /etc/apt/preferences.d/netgrade-engine

export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
sysusers=$(command -v systemd-sysusers >/dev/null || echo systemd-standalone-sysusers)
apt-get install -y -qq --no-install-recommends iptables $sysusers \
  "docker.io/$suite" "docker-cli/$suite" "docker-compose/$suite" "docker-buildx/$suite" "containerd/$suite"
