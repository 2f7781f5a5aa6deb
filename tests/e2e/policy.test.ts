/** The policy of a lab host's engine: what a submission may not ask for is not done, and the record says so in a sentence. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LabRecord } from '../../helpers/report/record.ts';
import { sh } from '../../helpers/machine/setup/shell.ts';
import { OLDEST_GENERATION } from '../helpers/generations.ts';
import {
  criteriaWith,
  grade,
  labOf,
  outputsIn,
  recordOf,
  workspace,
  type Run,
  type Workspace,
} from '../helpers/grade.ts';
import { bootMachine } from '../helpers/machine.ts';
import { schemaErrors } from '../helpers/schema.ts';

const LAB = 'none-network';
const RUN_MS = 10 * 60_000;
const MACHINE_MS = 300_000;
const REFUSAL_MS = 60_000;

const ISOLATED = 'docker run -d --network none --name isolated';
const BY_CURL = "curl -sS --fail-with-body --unix-socket /var/run/docker.sock -H 'Content-Type: application/json'";

/** By student: a script, and the sentence that is wanted. */
const SCRIPTS: Record<string, [script: string, sentence: RegExp]> = {
  privileged: [`${ISOLATED} --privileged busybox sleep 300`, /privileged container .* Leave --privileged/],
  'mount-of-host': [`${ISOLATED} -v /etc:/x busybox sleep 300`, /mount of "\/etc"/],
  'mount-by-link': [`ln -s /root here; ${ISOLATED} -v "$PWD/here:/x" busybox sleep 300`, /leads to "\/root"/],
  'mount-of-socket': [`${ISOLATED} -v /var/run/docker.sock:/s busybox sleep 300`, /engine's own socket/],
  'mount-as-volume': [
    `docker volume create --opt type=none --opt o=bind --opt device=/etc v; ${ISOLATED} busybox sleep 300`,
    /mount of "\/etc"/,
  ],
  capability: [`${ISOLATED} --cap-add SYS_ADMIN busybox sleep 300`, /capability "(CAP_)?SYS_ADMIN"/],
  'namespace-of-host': [`${ISOLATED} --pid host busybox sleep 300`, /--pid "host"/],
  device: [`${ISOLATED} --device /dev/null busybox sleep 300`, /device of the machine/],
  'security-option': [`${ISOLATED} --security-opt seccomp=unconfined busybox sleep 300`, /security option/],
  service: [`docker service create busybox; ${ISOLATED} busybox sleep 300`, /a service/],
  swarm: [`docker swarm init --advertise-addr 127.0.0.1; ${ISOLATED} busybox sleep 300`, /about one machine/],
  'another-swarm': ['docker swarm join --token a 192.0.2.1:2377', /about one machine/],
  plugin: ['docker plugin install somebody/something', /plugin is root/],
  'own-wire': ['docker network create -d macvlan -o parent=eth0 wire', /parent "eth0"/],
  logging: [`${ISOLATED} --log-driver syslog busybox sleep 300`, /log driver "syslog"/],
  'other-spelling': [
    `${BY_CURL} -d '{"Image":"busybox","hostconfig":{"privileged":true}}' http://e/v1.40/containers/create`,
    /privileged/,
  ],
  'said-twice': [
    `${BY_CURL} -d '{"Image":"busybox","HostConfig":{"Privileged":true},"HostConfig":{}}' http://e/v1.40/containers/create`,
    /no key comes twice/,
  ],
  'no-body': [`${BY_CURL} -H 'Content-Length: 0' -X POST http://e/v1.40/containers/create`, /cannot be read/],
  'old-api': [`${BY_CURL} -X POST -d '{"Privileged":true}' http://e/v1.23/containers/a/start`, /does not know/],
};
const CORE = ['privileged', 'mount-by-link', 'mount-as-volume', 'capability', 'service', 'no-body', 'old-api'];

/** Whatever Compose sets for an ordinary application. */
const COMPOSE = `
services:
  isolated:
    build: .
    container_name: isolated
    network_mode: none
    init: true
    restart: unless-stopped
    volumes: ["./data:/data:ro", "kept:/kept", "/etc/localtime:/etc/localtime:ro"]
    tmpfs: [/scratch]
    ulimits: { nofile: 1024 }
    logging: { driver: json-file, options: { max-size: 1m } }
    healthcheck: { test: [CMD, "true"], interval: 1s }
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE]
    security_opt: ["no-new-privileges:true"]
  beside:
    image: busybox:1.36
    command: sleep 300
    networks: [inner]
    extra_hosts: ["db.internal:10.11.12.13"]
    sysctls: { net.ipv4.ip_unprivileged_port_start: 0 }
    depends_on: { isolated: { condition: service_healthy } }
    deploy: { resources: { limits: { memory: 64m } } }
networks: { inner: { internal: true } }
volumes: { kept: {} }
`;

function handIn({ submissions }: Workspace, student: string, files: Record<string, string>): void {
  const folder = path.join(submissions, student, LAB);
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
}

function script(command: string): Record<string, string> {
  return { 'run.sh': `#!/bin/bash\nset -e\n${command}\n` };
}

const COMPOSED = {
  'compose.yaml': COMPOSE,
  Dockerfile: 'FROM busybox\nRUN echo built > /built\nCMD ["sleep", "300"]\n',
  'data/page': 'a page\n',
};
const BY_SCRIPT = [
  'docker network create --subnet 10.77.0.0/24 mine',
  'docker volume create kept',
  'docker run --rm --network mine -v kept:/x -v "$PWD:/here:ro" busybox cp /here/run.sh /x/',
  'DOCKER_BUILDKIT=0 docker build -t older . ; docker build -t newer .',
  'docker run -d --network mine --name other --cap-add NET_ADMIN -p 8080:80 newer',
  'docker exec other true; docker cp run.sh other:/tmp/; docker commit other copy; docker rm -f other',
  'docker create --name stopped --network host busybox true; docker update --memory 64m --memory-swap 64m stopped',
  `${ISOLATED} older`,
].join('\n');

describe.each([
  ['28.5', Object.keys(SCRIPTS)],
  [OLDEST_GENERATION, CORE],
])('Engine %s', (engine, kinds) => {
  let place: Workspace;
  let run: Run;

  beforeAll(async () => {
    place = workspace();
    for (const kind of kinds) handIn(place, kind, script(SCRIPTS[kind]?.[0] ?? ''));
    handIn(place, 'ordinary-compose', COMPOSED);
    handIn(place, 'ordinary-script', { ...script(BY_SCRIPT), Dockerfile: COMPOSED.Dockerfile });
    const { submissions, out } = place;
    run = await grade(['--submissions', submissions, '--out', out, '--lab', LAB, '--engine', engine]);
  }, RUN_MS);

  afterAll(() => {
    place[Symbol.dispose]();
  });

  test('everything was graded', () => {
    expect(run.exitCode).toBe(0);
  });

  test.each(kinds)('%s is denied, and the record says so', (kind) => {
    const [, sentence] = SCRIPTS[kind] ?? [];
    const record = labOf(place.out, kind, LAB);
    expect([record.status, criteriaWith(record, 'failed')]).toEqual(['graded', ['containers-running']]);
    expect(record.policy?.denied.map((each) => each.sentence).join('\n')).toMatch(sentence!);
    expect(record.message).toMatch(sentence!);
    // The student's own command prints it, too.
    expect(record.criteria.find(({ id }) => id === 'containers-running')?.actual).toMatch(sentence!);
    expect(outputsIn(record)).toMatch('authorization denied by plugin netgrade: ');
    expect(schemaErrors(recordOf(place.out, kind))).toEqual([]);
  });

  test.each(['ordinary-compose', 'ordinary-script'])('an %s submission is not hindered', (student) => {
    const record = labOf(place.out, student, LAB);
    expect([record.policy?.denied, record.message, record.score]).toEqual([[], undefined, 100]);
    expect(record.policy?.calls).toContain('allowed POST /containers/create');
  });

  test('the grader’s own requests are not in what the submission asked', () => {
    expect(labOf(place.out, 'old-api', LAB).policy?.calls).toEqual(['denied POST /v1.23/containers/a/start']);
  });
});

test(
  'where foreign images are forbidden, the course’s own can still be used',
  async () => {
    using place = workspace();
    handIn(place, 'own', script(`${ISOLATED} nginx:1.25`));
    handIn(place, 'foreign', {
      'compose.yaml': 'services: { isolated: { image: somebody/something, network_mode: none } }',
    });
    const { submissions, out } = place;
    const run = await grade(['--submissions', submissions, '--out', out, '--lab', LAB, '--no-foreign-images']);
    expect(run.exitCode).toBe(0);
    const lab = (student: string): LabRecord => labOf(out, student, LAB);
    expect(lab('own').score).toBe(100);
    expect(lab('foreign').policy?.denied[0]?.sentence).toMatch(/somebody\/something".*no images from elsewhere/);
    expect(lab('foreign').message).toMatch(/no images from elsewhere/);
  },
  RUN_MS,
);

test(
  'only root may talk to the plugin, and a script does not so much as see the process that it is',
  async () => {
    using place = workspace();
    const look = "stat -c '%a %U' /run/docker/plugins /run/docker/plugins/netgrade.sock || true";
    handIn(place, 'curious', script(`${look}; cat /proc/[0-9]*/cmdline | tr '\\0' ' '; exit 1`));
    await grade(['--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
    const output = outputsIn(labOf(place.out, 'curious', LAB));
    // Nobody but root so much as sees it, or it is root's alone.
    expect(output).toMatch(/Permission denied|700 root\n600 root/);
    expect(output).toMatch(/as-student --inside [^\n]*bash run\.sh/); // so it saw processes at all
    expect(output).not.toMatch(/agent\/main/);
  },
  RUN_MS,
);

/** Lets everything through, as long as it lives. */
const YES = `
const http = require('node:http');
require('node:fs').mkdirSync('/run/docker/plugins', { recursive: true });
http.createServer((request, response) => {
  request.resume();
  response.end(JSON.stringify(request.url === '/Plugin.Activate' ? { Implements: ['authz'] } : { Allow: true }));
}).listen('/run/docker/plugins/netgrade.sock', () => require('node:fs').writeFileSync('/run/yes.pid', String(process.pid)));
`;

test(
  'an engine whose plugin is away carries out nothing',
  async () => {
    await using machine = await bootMachine({
      settings: { 'authorization-plugins': ['netgrade'] },
      meanwhile: ({ id }) => sh(['docker', 'exec', '--detach', id, 'node', '-e', YES], { timeoutMs: REFUSAL_MS }),
    });
    expect(await machine.root('docker create --name before busybox true')).not.toBe('');
    await machine.root('kill -9 $(cat /run/yes.pid)');
    const ask = (how: string): Promise<string> => machine.root(`${how} 2>&1; true`);
    const answers = await Promise.all([
      ask(`curl -sS --unix-socket /var/run/docker.sock http://e/v1.40/containers/json`),
      ask(`${BY_CURL} --no-fail-with-body -d '{"Name":"after"}' http://e/v1.40/networks/create`),
    ]);
    for (const answer of answers) expect(answer).toMatch(/plugin netgrade failed with error/);
    expect(await machine.root('ip -br link')).not.toMatch(/br-/);
  },
  MACHINE_MS,
);
