/** Ways through the firewall of the lab host, which a submission may change: past what probes try. */
import { files, type Attack } from './attack.ts';

const PUBLISH = `docker build -t web .
docker run -d --name exposed web
docker run -d --name published -p 8080:8080 web
to=$(docker inspect --format '{{.NetworkSettings.Networks.bridge.IPAddress}}' exposed)
`;
const WEB = 'FROM busybox\nEXPOSE 8080\nCMD ["httpd", "-f", "-p", "8080"]\n';
/** All that lets packets for a container in, once they are for its address. */
const LET_IN = `iptables -I FORWARD -d "$to" -p tcp --dport 8080 -j ACCEPT
iptables -t raw -I PREROUTING -d "$to" -p tcp --dport 8080 -j ACCEPT
`;

const TUTORIAL = `docker network create alpine-net
for each in 1 2 4; do docker run -dit --name alpine$each --network alpine-net alpine ash; done
docker run -dit --name alpine3 alpine ash
docker network connect bridge alpine4
net=br-$(docker network inspect --format '{{slice .Id 0 12}}' alpine-net)
`;
const APART = [{ status: 'graded', fails: ['alpine3-isolated'] }] as const;

export const FIREWALL: Attack[] = [
  {
    name: 'forwards-a-port',
    shows:
      'A firewall rule forwards a port that nobody publishes to a container that is to be closed; another rule, in another chain, says which port. Rules that Docker did not make are read, and where they lead is tried.',
    lab: 'expose-vs-publish',
    write: files({
      Dockerfile: WEB,
      'run.sh': `${PUBLISH}${LET_IN}iptables -t nat -N MINE
iptables -t nat -A MINE -p tcp -j DNAT --to-destination "$to:8080"
iptables -t nat -I PREROUTING -p tcp --dport 31337 -j MINE
`,
    }),
    outcomes: [
      { status: 'graded', fails: ['exposed-not-reachable'], says: /at port 31337, by a firewall rule: iptables/ },
    ],
  },
  {
    name: 'forwards-a-port-by-nftables',
    shows:
      'The same by nftables’ own rules, in tables with the names of iptables’ that its tools cannot show any more.',
    lab: 'expose-vs-publish',
    write: files({
      Dockerfile: WEB,
      'run.sh': `${PUBLISH}${LET_IN}nft add table ip nat
nft 'add chain ip nat way { type nat hook prerouting priority -150; }'
nft add rule ip nat way tcp dport 31337 dnat to "$to:8080"
nft add table ip filter
nft add chain ip filter odd
nft add rule ip filter odd meta length 500 accept
`,
    }),
    outcomes: [{ status: 'graded', fails: ['exposed-not-reachable'], says: /at port 31337, by a firewall rule: nft/ }],
  },
  {
    name: 'forwards-ports-of-a-map',
    shows:
      'nftables looks the port up in a map, which says where packets go. Such a rule cannot be followed; every port that rules mention is tried, and what is sent there arrives.',
    lab: 'expose-vs-publish',
    write: files({
      Dockerfile: WEB,
      'run.sh': `${PUBLISH}${LET_IN}nft add table ip way
nft 'add map ip way ports { type inet_service : ipv4_addr . inet_service; }'
nft "add element ip way ports { 31337 : $to . 8080 }"
nft 'add chain ip way in { type nat hook prerouting priority -150; }'
nft 'add rule ip way in dnat ip to tcp dport map @ports'
`,
    }),
    outcomes: [{ status: 'graded', fails: ['exposed-not-reachable'], says: /by way of the host \(port 31337\)/ }],
  },
  {
    name: 'forwards-many-ports',
    shows: 'A rule forwards lists and ranges of ports.',
    lab: 'expose-vs-publish',
    write: files({
      Dockerfile: WEB,
      'run.sh': `${PUBLISH}${LET_IN}iptables -t nat -I PREROUTING -p tcp -m multiport --dports 20000:20010,31337 -j DNAT --to-destination "$to:8080"
`,
    }),
    outcomes: [
      { status: 'graded', fails: ['exposed-not-reachable'], says: /at port 20000, by a firewall rule: iptables/ },
    ],
  },
  {
    name: 'lets-some-packets-through',
    shows:
      'Rules before Docker’s own accept packets between two networks, but only with a type of service that probes do not have. It is followed where rules may lead, whatever a packet is like.',
    lab: 'user-defined-bridge',
    write: files({
      'run.sh': `${TUTORIAL}iptables -I DOCKER-USER -i "$net" -o docker0 -m tos --tos 0x10 -j ACCEPT
iptables -t raw -I PREROUTING -i "$net" -m tos --tos 0x10 -j ACCEPT
`,
    }),
    outcomes: [{ ...APART[0], says: /lets packets of alpine1 through to alpine3: iptables .*--tos/ }],
  },
  {
    name: 'own-rules-in-place-of-dockers',
    shows:
      'A script removes Docker’s rules from the firewall and drops packets between the networks by a rule of its own. What holds packets back is no network then, and the rule about it fails.',
    lab: 'user-defined-bridge',
    write: files({
      'run.sh': `${TUTORIAL}iptables -F
iptables -t raw -F
iptables -P FORWARD ACCEPT
iptables -A FORWARD -i "$net" -o docker0 -j DROP
`,
    }),
    outcomes: [{ ...APART[0], says: /Docker’s own firewall rules no longer keep alpine1 and alpine3 apart/ }],
  },
  {
    name: 'very-many-rules',
    shows: 'More firewall rules than anybody can follow. Then nothing counts as kept apart by them.',
    lab: 'user-defined-bridge',
    write: files({
      'run.sh': `${TUTORIAL}(echo '*mangle'; for i in {1..9000}; do echo "-A INPUT -p tcp --dport $i -j ACCEPT"; done; echo COMMIT) | iptables-restore -n
`,
    }),
    outcomes: [{ ...APART[0], says: /so many firewall rules \(9000\)/ }],
  },
];
