/** Exposed and published ports, and what other machines see of a container. */
import type { Place } from '../../../helpers/machine/probe/protocol.ts';
import { experiment } from './experiment.ts';
import { v4Of, type LabShell } from './lab-shell.ts';

/** The neighbour machine's network namespace, see helpers/machine/probe/agent/neighbour.ts, and a server in it. */
const NEIGHBOUR = '/run/netns/outside';
const SERVER_PORT = 7777;
const ANSWER = 'you are ';
const SERVER = `require('net').createServer((socket) => socket.on('data', (text) => {
  socket.end('${ANSWER}' + socket.remoteAddress);
  if (String(text) === 'end') process.exit();
})).listen(${SERVER_PORT}, '0.0.0.0')`;

export const ports = experiment(
  async (lab: LabShell) => ({
    ...(await exposed(lab)),
    ...(await published(lab)),
    ...(await onLoopback(lab)),
    ...(await outgoing(lab)),
  }),
  {
    expose: {
      a: ({ exposedFromOutside }) => exposedFromOutside === 'open',
      b: ({ unexposedOnNetwork }) => unexposedOnNetwork !== 'open',
      c: ({ exposedOnNetwork }) => exposedOnNetwork,
      d: ({ publishedAllFromOutside }) => publishedAllFromOutside,
      e: ({ unexposedPublished }) => unexposedPublished !== 'open',
    },
    publish: {
      a: ({ atContainersPort }) => atContainersPort,
      b: ({ atHostsPort }) => atHostsPort,
      c: ({ listensInside }) => listensInside.includes(8080),
      d: ({ hasDnat }) => hasDnat,
    },
    'publish-on-loopback': {
      a: ({ loopbackFromOutside }) => loopbackFromOutside,
      b: ({ loopbackAtHostAddress }) => loopbackAtHostAddress,
      c: ({ loopbackAtLocalhost }) => loopbackAtLocalhost,
      d: ({ loopbackRefused }) => loopbackRefused,
    },
    outgoing: {
      a: ({ seenFrom, boxAddress }) => seenFrom === boxAddress,
      b: ({ seenFrom, docker0 }) => docker0.includes(seenFrom),
      c: ({ answered }) => !answered,
      d: ({ seenFrom, hostAddress }) => seenFrom === hostAddress,
    },
  },
);

async function exposed(lab: LabShell) {
  await lab.sh(`
    docker network create lab-net
    docker run -d --name web --network lab-net nginx
    docker run -d --name plain --network lab-net busybox httpd -f -p 8080
    docker run -dit --name visitor --network lab-net busybox
    docker run -d --name all -P nginx
    docker run -d --name plain-published -p 8081:8080 busybox httpd -f -p 8080`);
  const exposes = await lab.sh(`docker image inspect --format '{{json .Config.ExposedPorts}}' nginx busybox`);
  const [nginx, busybox] = exposes.split('\n');
  if (nginx !== '{"80/tcp":{}}' || busybox !== 'null') throw new Error(`other ports are exposed: ${exposes}`);
  const [visitor, web, plain] = [await lab.place('visitor'), await lab.addressOf('web'), await lab.addressOf('plain')];
  await lab.ready('host', web, 80);
  const chosen = Number(/:(\d+)$/m.exec(await lab.sh('docker port all 80/tcp'))?.[1]);
  await lab.ready('outside', lab.address, chosen);
  const facts = {
    exposedFromOutside: await lab.connect('outside', lab.address, 80),
    exposedOnNetwork: await lab.getsPage(visitor, web, 80),
    unexposedOnNetwork: await lab.connect(visitor, plain, 8080),
    publishedAllFromOutside: await lab.getsPage('outside', lab.address, chosen),
    unexposedPublished: await lab.connect('outside', lab.address, 8081),
  };
  return facts;
}

async function published(lab: LabShell) {
  await lab.sh('docker run -d --name published -p 8080:80 nginx');
  const address = await lab.addressOf('published');
  await lab.ready('host', address, 80);
  const rules = await lab.sh('iptables -t nat -S');
  const { listeners } = await lab.files('published');
  const facts = {
    atContainersPort: await lab.getsPage('outside', lab.address, 80),
    atHostsPort: await lab.getsPage('outside', lab.address, 8080),
    listensInside: listeners.map(({ port }) => port),
    hasDnat: rules
      .split('\n')
      .some((rule) => rule.includes(`--to-destination ${address}:80`) && /--dport 8080 .*-j DNAT/.test(rule)),
  };
  // The next one wants the same port of the host.
  await lab.sh('docker rm --force published');
  return facts;
}

async function onLoopback(lab: LabShell) {
  const { exitCode } = await lab.try('docker run -d --name local -p 127.0.0.1:8080:80 nginx');
  await lab.ready('host', await lab.addressOf('local'), 80);
  const facts = {
    loopbackRefused: exitCode !== 0,
    loopbackFromOutside: await lab.getsPage('outside', lab.address, 8080),
    loopbackAtHostAddress: await lab.getsPage('host', lab.address, 8080),
    loopbackAtLocalhost: await lab.getsPage('host', '127.0.0.1', 8080),
  };
  return facts;
}

/** The server on the other machine says to each client from which address it comes. */
async function outgoing(lab: LabShell) {
  await lab.sh('docker run -dit --name box busybox');
  const serving = lab.sh(`nsenter --net=${NEIGHBOUR} timeout 30 node -e "${SERVER}"`);
  const neighbour = await lab.sh(
    `nsenter --net=${NEIGHBOUR} ip -4 -o address show eth0 | awk '{print $4}' | cut -d/ -f1`,
  );
  await lab.ready('host', neighbour, SERVER_PORT);
  const talk = async (from: Place, send: string): Promise<string> => {
    const to = { address: neighbour, port: SERVER_PORT, timeoutMs: 2_000 };
    const answer = await lab.host.ask(from, { ask: 'exchange', ...to, send: btoa(send), enough: 100 });
    return atob(answer.received);
  };
  const answer = await talk(await lab.place('box'), 'who am I?');
  await talk('host', 'end');
  await serving;
  const { interfaces } = await lab.hostStack();
  return {
    answered: answer.startsWith(ANSWER),
    seenFrom: answer.slice(ANSWER.length),
    boxAddress: await lab.addressOf('box'),
    docker0: interfaces.filter(({ name }) => name === 'docker0').flatMap(v4Of),
    hostAddress: lab.address,
  };
}
