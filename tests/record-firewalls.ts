/**
 * Records the firewalls that engines of all generations make, for tests/unit/firewall.test.ts: with networks of every kind
 * and ports published in every way. Run it when a generation is added: `node tests/record-firewalls.ts`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { openHosts } from '../helpers/run/hosts.ts';
import { runOptions } from '../helpers/run/options.ts';
import { GENERATIONS } from '../helpers/machine/setup/generations.ts';
import type { LabHost } from '../helpers/machine/lab-host/lab-host.ts';
import { inspectAll } from '../helpers/survey/inspect.ts';

const FOLDER = path.resolve(import.meta.dirname, 'firewalls');
const SCRIPT_MS = 120_000;

/** What an engine does not know (an option, or one way to publish) makes that line fail, and no other. */
const EVERYTHING = `
docker network create plain
docker network create second
docker network create --internal inside
docker network create --opt com.docker.network.bridge.enable_icc=false silent
docker network create --opt com.docker.network.bridge.enable_ip_masquerade=false unmasked
docker network create --opt com.docker.network.bridge.name=br-named --subnet 172.30.7.0/24 named
docker network create --ipv6 --subnet 2001:db8:7::/64 --subnet 172.30.8.0/24 six
docker network create --driver macvlan --internal vlan
docker run -d --name default --publish 8080:80 busybox sleep 1000
docker run -d --name linked --link default busybox sleep 1000
docker run -d --name front --network plain --publish 8081:80 --publish 5353:53/udp busybox sleep 1000
docker run -d --name range --network plain --publish 9000-9002:9000-9002 busybox sleep 1000
docker run -d --name local --network second --publish 127.0.0.1:8082:80 busybox sleep 1000
docker run -d --name bound --network named --publish 203.0.113.53:8083:80 busybox sleep 1000
docker run -d --name both --network plain busybox sleep 1000
docker network connect second both
docker run -d --name guarded --network inside busybox sleep 1000
docker run -d --name alone --network silent --publish 8084:80 busybox sleep 1000
docker run -d --name six --network six --publish 8085:80 busybox sleep 1000
docker run -d --name host --network host busybox sleep 1000
docker run -d --name sharing --network container:front busybox sleep 1000
docker swarm init --advertise-addr 198.51.100.1
docker network create --driver overlay --attachable over
docker run -d --name spread --network over --publish 8086:80 busybox sleep 1000
`;

async function record(host: LabHost): Promise<string> {
  const { workplace: cwd, environment: env } = host;
  const argv = ['bash', '-c', EVERYTHING];
  const { output } = await host.run({ argv, cwd, env, timeoutMs: SCRIPT_MS, maxOutput: 20_000 });
  console.log(output);
  const [machine, firewall] = await Promise.all([inspectAll(host.docker), host.ask('host', { ask: 'firewall' })]);
  return JSON.stringify({ ...machine, firewall });
}

mkdirSync(FOLDER, { recursive: true });
for (const generation of GENERATIONS) {
  await using hosts = await openHosts(runOptions({ engine: generation }), 1);
  const host = await hosts.take(false);
  writeFileSync(path.join(FOLDER, `${generation}.json.gz`), gzipSync(await record(host)));
}
