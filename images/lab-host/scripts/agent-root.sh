#!/bin/bash
# Runs the probe agent with a root directory of its own. What the agent runs (ip, ping, …) lies there in memory, and is
# mounted for the agent alone: whatever a submission may manage to write on the lab host, the agent goes on running what
# the image had. The lab host's own files are below /proc/1/root for it.
# usage: agent-root --pack               once, when the image is made: puts the tools and their libraries into an archive
#        agent-root COMMAND [ARGUMENT…]  before any submission is there
set -eu
archive=/usr/local/lib/agent-root.tar root=/mnt
tools=(sh bash awk cat find grep head ip mkdir nsenter ping sed sleep sort stat tail tr
  iptables-{legacy,nft}-save ip6tables-{legacy,nft}-save iptables-save ip6tables-save nft)

if [ "$1" = --pack ]; then
  for tool in "${tools[@]}"; do
    file=$(command -v "$tool") || continue
    echo "$file"
    ldd "$file" | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }'
  done > /tmp/files
  ldd /usr/local/bin/node | awk '{ for (i = 1; i <= NF; i++) if ($i ~ /^\//) print $i }' >> /tmp/files
  # They are opened by name when they are needed.
  find /etc/iproute2 /usr/lib/*/xtables /netgrade/node_modules -not -type d >> /tmp/files
  sort -u /tmp/files | tar --create --dereference --absolute-names --file $archive --transform 's|^/||' --files-from -
  rm /tmp/files
  exit
fi

if [ "$1" != --inside ]; then
  # The neighbour machine's namespace can be entered from the lab host, too.
  mkdir -p /run/netns
  mount --bind /run/netns /run/netns
  mount --make-shared /run/netns
  exec unshare --mount --propagation unchanged "$0" --inside "$@"
fi

shift
mount -t tmpfs -o mode=755,size=64m agent $root
tar -xf $archive -C $root
mkdir -p $root/{proc,sys,dev,run,tmp,var,usr/local/bin,netgrade/agent}
ln -s /run $root/var/run
touch $root/usr/local/bin/node # too large for memory; it is read before any submission is there
mount --bind /usr/local/bin/node $root/usr/local/bin/node
for each in proc sys dev run; do mount --rbind /$each $root/$each; done
exec chroot $root "$@"
