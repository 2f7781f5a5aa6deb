#!/bin/bash
# Commands with which scripts set up a machine at home, and that have nothing left to do on a lab host: what they would
# install or start is there already. They say so, and succeed. What is not there is no success: whoever asks for it gets the
# words and the exit code of the real command.
# usage: by one of these names, with the arguments of the command of this name
#        set-up --install FOLDER    links it by all names there
set -u
name=${0##*/}
names=(apt apt-get aptitude yum dnf snap zypper brew apk pacman add-apt-repository apt-key apt-mark yum-config-manager systemctl
  service usermod groupadd gpasswd adduser addgroup groupmod newgrp sg su ufw firewall-cmd setenforce modprobe dockerd
  dockerd-rootless-setuptool.sh update-alternatives timedatectl hostnamectl locale-gen open xdg-open sensible-browser)

say() { echo "netgrade: $*" >&2; }
# Says of the command why there is nothing to do, and succeeds.
nothing() { say "\`$name${1:+ $1}\`: $2" && exit 0; }

# Whether a package, by its name in one of the distributions, is there; or what it is for has nothing to do here.
have() {
  case ${1%%[=/:]*} in
    docker | docker.io | docker-ce* | docker-cli | docker-engine | docker-buildx* | docker-compose* | moby-* | podman-docker) ;;
    containerd | containerd.io | runc) ;;
    apt-transport-https | software-properties-common | gnupg* | gpg | lsb-release | ca-certificates* | yum-utils | \
      dnf-plugins-core | device-mapper-persistent-data | lvm2 | linux-image-extra-* | linux-modules-* | uidmap | pass | sudo) ;;
    # By other names than Debian's.
    git-core | netcat | nmap-ncat | ncat | dnsutils | bind-utils | bind-tools | iputils | iproute | telnet | python | python3-minimal) ;;
    *) dpkg-query --show --showformat='${db:Status-Abbrev}\n' "${1%%[=/:]*}" 2> /dev/null | grep -q '^ii' ;;
  esac
}

# The words that are neither options nor the values of those that have one.
plain() {
  local word after=
  words=()
  for word; do
    case $after,$word in
      -o,* | -t,* | --option,* | --target-release,*) ;;
      *,-*) ;;
      *) words+=("$word") ;;
    esac
    after=$word
  done
}

packages() {
  plain "$@"
  local verb=${words[0]:-} each
  case $verb in
    install | reinstall | localinstall | groupinstall)
      for each in "${words[@]:1}"; do
        if [ "$name" = snap ] && [ "$each" != docker ] || ! have "$each"; then
          echo "E: Unable to locate package $each" >&2
          say "$each is not on a lab host, and a script can install nothing there: it would have to be downloaded"
          exit 100
        fi
      done
      nothing "$verb" "what it would install is there already" ;;
    update | upgrade | full-upgrade | dist-upgrade | makecache | check-update | clean | autoclean) nothing "$verb" "all is up to date already" ;;
    remove | purge | autoremove | erase) nothing "$verb" "a script can remove nothing from a lab host" ;;
    *) nothing "$verb" "nothing is left to do" ;;
  esac
}

# What a machine's first process starts: usage: services VERB SERVICE…
services() {
  local verb=$1 each
  shift
  for each; do
    case ${each%.*} in
      docker | containerd | ssh | sshd | networking | NetworkManager | systemd-* | firewalld | ufw | cron | snap.docker | snap) ;;
      *)
        case $verb in
          start | restart | reload | enable | unmask | status | is-active | is-enabled)
            echo "Failed to $verb $each: Unit $each not found." >&2
            exit 5 ;;
          *) nothing "$verb $each" "it does not run on a lab host" ;;
        esac ;;
    esac
  done
  case $verb in
    is-active) echo active ;;
    is-enabled) echo enabled ;;
    status) echo "● ${1:-} - active (running)" ;;
    stop | disable | mask | kill) say "\`$name $verb $*\`: the engine of a lab host goes on running" ;;
    *) nothing "$verb $*" "it runs already" ;;
  esac
  exit 0
}

# Runs what another user or group would, or what a new shell would read: usage: instead [COMMAND]
instead() {
  if [ -n "${1:-}" ]; then exec "${SHELL:-/bin/bash}" -c "$1"; fi
  if [ -t 0 ]; then nothing '' "the group's rights are there already"; fi
  exec "${SHELL:-/bin/bash}"
}

case $name in
  set-up*)
    for each in "${names[@]}"; do ln -sf "$(realpath "$0")" "$2/$each"; done ;;
  apt | apt-get | aptitude | yum | dnf | snap | zypper | brew) packages "$@" ;;
  apk)
    case ${1:-} in add) shift && set -- install "$@" ;; esac
    packages "$@" ;;
  pacman)
    case ${1:-} in -S*) shift && set -- install "$@" ;; esac
    packages "$@" ;;
  add-apt-repository | apt-key | apt-mark | yum-config-manager) nothing '' "Docker's packages are there already" ;;
  systemctl)
    plain "$@"
    case ${words[0]:-} in
      daemon-reload | daemon-reexec | '' | list-* | reset-failed) nothing "${words[0]:-}" "nothing is left to do" ;;
      *) services "${words[@]}" ;;
    esac ;;
  service)
    plain "$@"
    services "${words[1]:-status}" "${words[0]:-docker}" ;;
  docker) services "${1:-status}" docker ;; # /etc/init.d/docker
  usermod | groupadd | gpasswd | adduser | addgroup | groupmod) nothing "$*" "the rights to use Docker are there already" ;;
  newgrp) instead ;;
  sg)
    [ "${2:-}" = -c ] && set -- "$1" "${3:-}"
    instead "${2:-}" ;;
  su)
    while [ $# -gt 0 ] && [ "$1" != -c ] && [ "$1" != --command ]; do shift; done
    instead "${2:-}" ;;
  ufw | firewall-cmd | setenforce) nothing "$*" "there is no firewall of this kind" ;;
  modprobe | dockerd | dockerd-rootless-setuptool.sh) nothing "$*" "the engine runs already" ;;
  update-alternatives | timedatectl | hostnamectl | locale-gen) nothing "$*" "nothing is left to do" ;;
  open | xdg-open | sensible-browser) say "\`$name $*\`: nobody looks at a lab host's screen" ;;
  *) echo "$name: netgrade does not know this command" >&2 && exit 127 ;;
esac
