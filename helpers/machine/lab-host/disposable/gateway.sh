#!/bin/bash
# The way out of a run's lab hosts, in a container of its own on the grading machine (see gateway.ts). Each lab host has a
# wire here, and nothing else has: no frame of one is seen by another, and none by the grading machine. What comes in by a
# wire is let out to public addresses, and to nothing else. A lab host's own firewall has no say in this.
#
#   gateway.sh open NETWORK…     makes the gateway ready: it forwards nothing before, and never to these networks
#   gateway.sh wire PID N [P]    gives the lab host whose first process is PID a wire: the Nth, from 1 to 65,000; or, on this
#                                lab host, the container of a build whose first process is P by the lab host's own counting
#
# The container sees the processes of the grading machine (--pid host): so it can put the other end of a wire into a lab host.
set -eu

# Networks for benchmarks (RFC 2544): nobody else has them. Lab hosts find the gateway, and a nameserver, at the first address.
own=198.18.0.1
outside=eth0

# Not public: IANA's special-purpose addresses, but for those that are reserved for documentation, and nobody has.
closed=(0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.88.99.0/24 192.168.0.0/16
  198.18.0.0/15 224.0.0.0/4 240.0.0.0/4)

# Prints all rules, as iptables-restore takes them.
rules() {
  printf '%s\n' '*filter' ':INPUT DROP' ':FORWARD DROP' ':OUTPUT ACCEPT' \
    '-A INPUT -i lo -j ACCEPT' \
    "-A INPUT -i $outside -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT" \
    "-A INPUT -i wire+ -d $own -p udp --dport 53 -j ACCEPT" \
    "-A INPUT -i wire+ -d $own -p tcp --dport 53 -j ACCEPT" \
    "-A FORWARD -i $outside -o wire+ -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT"
  printf -- '-A FORWARD -i wire+ -d %s -j REJECT --reject-with icmp-admin-prohibited\n' "${closed[@]}" "$@"
  printf '%s\n' "-A FORWARD -i wire+ -o $outside -m conntrack ! --ctstate INVALID -j ACCEPT" COMMIT \
    '*nat' "-A POSTROUTING -o $outside -j MASQUERADE" COMMIT
}

open() {
  # Strict: by a wire come only packets of its lab host.
  sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv4.ip_forward=0 \
    net.ipv4.conf.all.rp_filter=1 net.ipv4.conf.default.rp_filter=1
  ip addr add $own/32 dev lo
  # The older half of iptables where the kernel has it, as on a lab host.
  rules "$@" | iptables-legacy-restore 2> /dev/null || rules "$@" | iptables-nft-restore
  # It answers strangers: nobody's user, with the one right to listen at its port. No name leads to a private address.
  setpriv --reuid nobody --regid nogroup --clear-groups --no-new-privs \
    --bounding-set -all,+net_bind_service --inh-caps -all,+net_bind_service --ambient-caps -all,+net_bind_service \
    dnsmasq --user= --pid-file= --no-hosts --domain-needed --bogus-priv --stop-dns-rebind --bind-interfaces --listen-address=$own
  sysctl -qw net.ipv4.ip_forward=1
}

# The wire is two taps, and a process that hands frames from one to the other. A veth would be simpler, but whoever has
# NET_ADMIN where one of its ends is can name the network namespace of the other end (IFLA_TARGET_NETNSID and
# IFLA_LINK_NETNSID, see rtnetlink(7)), and put devices onto all that is there: the wires of other lab hosts, and the grading
# machine's own network. A tap leads nowhere.
wire() {
  local process=$1${3:+/root/proc/$3} number=$2 there
  there=198.18.$(((number + 1) / 256)).$(((number + 1) % 256))
  [ -c /dev/net/tun ] || { mkdir -p /dev/net && mknod /dev/net/tun c 10 200; }
  perl -e "$relay" "$process" "wire$number" uplink
  ip link set "wire$number" up
  ip route add $there/32 dev "wire$number"
  nsenter --net="/proc/$process/ns/net" sh -eu -c "
    ip addr add $there peer $own dev uplink
    ip link set uplink up
    ip route replace default via $own"
}

# Makes both taps, and goes on in the background as nobody's process until the lab host's first process has ended.
# shellcheck disable=SC2016  # it is Perl
relay='
use POSIX;
my ($process, $here, $there) = @ARGV;
my $setns = (uname())[4] eq "aarch64" ? 268 : 308;
sub tap {
  open(my $tap, "+<", "/dev/net/tun") or die "no taps: $!\n";
  my $settings = pack("a16 S x22", $_[0], 0x1002); # IFF_TAP, IFF_NO_PI
  ioctl($tap, 0x400454ca, $settings) or die "no tap $_[0]: $!\n"; # TUNSETIFF
  return $tap;
}
chdir "/proc/$process" or die "the lab host has ended: $!\n";
my $one = tap($here);
open(my $namespace, "<", "ns/net") or die "the lab host has ended: $!\n";
syscall($setns, fileno($namespace), 0x40000000) == 0 or die "no way in: $!\n"; # CLONE_NEWNET
my $other = tap($there);
close $namespace;
exit if fork;
setsid();
open(STDIN, "<", "/dev/null");
open(STDOUT, ">", "/dev/null");
open(STDERR, ">", "/dev/null");
setgid(65534);
setuid(65534);
while (-e "stat") {
  my $ready = "";
  vec($ready, fileno($_), 1) = 1 for $one, $other;
  next if select($ready, undef, undef, 1) <= 0;
  for ([$one, $other], [$other, $one]) {
    my ($from, $to) = @$_;
    next if !vec($ready, fileno($from), 1);
    sysread($from, my $frame, 65536) or exit; # the tap is gone
    syswrite($to, $frame); # one that is down takes none
  }
}
'

"$@"
