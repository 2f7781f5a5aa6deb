/** Ways out through a swarm: whoever is a manager of one may start anything on its machines, past the policy of their engines. */
import { attempts, files, GOT_THROUGH, STOPPED, type Attack } from './attack.ts';

const BY_CURL = 'curl -sS --fail-with-body -m 10 --unix-socket';
/** The engine's own socket and, in a lab about a swarm, the door before it. */
const SOCKETS = ['/var/run/docker.sock', '/run/netgrade-door/docker.sock'];
/** What gives a manager's rights has the length of a token of the engine. */
const IS_A_TOKEN = 'grep -oE "SWMTKN-1-[0-9a-z]{50}-[0-9a-z]{25}\\b"';

const look = (socket: string, path: string): string => `${BY_CURL} ${socket} '${path}' | ${IS_A_TOKEN}`;
const looks = Object.fromEntries(
  SOCKETS.flatMap((socket, i) =>
    [
      'http://d/swarm',
      'http://d/v1.41/swarm',
      'http://d//swarm',
      'http://d/sw%61rm',
      'http://d/swarm/',
      'http://d/info',
    ].map((path, j) => [`look-${i}-${j}`, look(socket, path)] as const),
  ),
);

/** Two requests in one: a proxy that reads only the first passes the second on unseen. */
const SMUGGLED =
  `printf 'POST /containers/none/attach HTTP/1.1\\r\\nHost: d\\r\\nConnection: Upgrade\\r\\nUpgrade: tcp\\r\\nContent-Length: 0\\r\\n\\r\\n` +
  `GET /swarm HTTP/1.1\\r\\nHost: d\\r\\nConnection: close\\r\\n\\r\\n'`;

export const SWARM: Attack[] = [
  {
    name: 'swarm-tokens',
    shows:
      'A script of a lab about a swarm asks for the tokens with which a manager could be told anything: by the command, by the API in every spelling, past the door, in a second request behind a first. It gets substitutes, which only the lab’s own machines take.',
    lab: 'overlay-network',
    write: files({
      'host1.sh': `#!/bin/bash
docker swarm init --advertise-addr "$HOST1" > said
echo "TOKEN=$(docker swarm join-token --quiet worker)" >> "$HANDOVER"
docker network create --driver overlay --attachable test-net
docker run -dit --name alpine1 --network test-net alpine
${attempts(
  {
    printed: `${IS_A_TOKEN} said`,
    worker: `docker swarm join-token worker | ${IS_A_TOKEN}`,
    manager: `docker swarm join-token --rotate manager | ${IS_A_TOKEN}`,
    ...looks,
    smuggled: `${SMUGGLED} | timeout 10 curl -sS -m 10 -N --unix-socket ${SOCKETS[0]} telnet://d | ${IS_A_TOKEN}`,
    service: 'docker service create -d --mount type=bind,source=/,target=/host alpine true',
    authority: `printf x > a && docker swarm ca --rotate --ca-cert a --ca-key a --detach`,
    external: 'docker swarm update --external-ca protocol=cfssl,url=https://192.0.2.1',
    key: `${BY_CURL} ${SOCKETS[0]} -H 'Content-Type: application/json' -d '{"CAConfig":{"SigningCAKey":"a"}}' 'http://d/swarm/update?version=1'`,
  },
  'exit 3',
)}
`,
      'host2.sh': `#!/bin/bash
docker swarm join --advertise-addr "$HOST2" --token "$TOKEN" "$HOST1:2377"
docker run -dit --name alpine2 --network test-net alpine
`,
      'submission.yaml': 'timeout: 200\n',
    }),
    outcomes: [{ status: 'graded', fails: [] }],
    never: GOT_THROUGH,
  },
  {
    name: 'swarm-of-a-stranger',
    shows:
      'A script joins a swarm whose manager would be a stranger’s, with a token that no machine of the lab has given: a member does what its manager says. It is refused.',
    lab: 'overlay-network',
    write: files({
      'host1.sh': attempts(
        {
          join: 'docker swarm join --token SWMTKN-1-3pu6hszjas19xyp7ghgosyx9k8atbfcr8p2is99znpy26u2lkl-1awxwuwd3z9j1z3puu7rcgdbx 127.0.0.1:2377',
        },
        'exit 3',
      ),
      'host2.sh': '#!/bin/bash\ntrue\n',
    }),
    outcomes: [{ status: 'graded', says: /joining a swarm with this token is not allowed/ }],
    never: GOT_THROUGH,
  },
  {
    name: 'swarm-elsewhere',
    shows: 'A swarm in a lab that is not about one. It is refused, and so is all that is done with one.',
    lab: 'none-network',
    write: files({
      'run.sh': attempts({
        init: 'docker swarm init --advertise-addr 127.0.0.1',
        join: 'docker swarm join --token a 127.0.0.1:2377',
        update: 'docker swarm update --autolock',
        service: 'docker service create alpine true',
        network: 'docker network create --driver overlay --attachable net',
      }),
    }),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
];
