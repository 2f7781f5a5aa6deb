/** `--host ssh://…`: the same verdicts on a remote machine, judged from here, and a connection that drops costs nobody. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { feed } from '../../helpers/machine/lab-host/exec-stream.ts';
import { packFolder } from '../../helpers/machine/lab-host/pack-folder.ts';
import { DEFAULT_GENERATION } from '../../helpers/machine/setup/generations.ts';
import { testCorpus } from '../helpers/corpus-tests.ts';
import { criteriaWith, grade, labOf, recordOf, workspace, type Run, type Workspace } from '../helpers/grade.ts';
import { bootSshHost, type SshHost } from '../helpers/ssh-host.ts';
import { contentsOf } from '../../helpers/submission/contents.ts';

const PREPARE_MS = 600_000;
const GRADING_MS = 180_000;
const LAB = 'nginx-flask-mongo';

let host: SshHost;
let place: Workspace;
beforeAll(async () => {
  host = await bootSshHost();
  place = workspace();
}, PREPARE_MS);
afterAll(async () => {
  place[Symbol.dispose]();
  await host[Symbol.asyncDispose]();
}, GRADING_MS);

/** Grades there, as whoever has the home folder. */
function gradeThere(args: string[], { home = host.home, url = `ssh://student@${host.address}` } = {}): Promise<Run> {
  const places = ['--submissions', place.submissions, '--out', place.out];
  const submissions = args.includes('--live') ? places.slice(2) : places;
  return grade(['--host', url, ...submissions, ...args], { HOME: home, SSH_AUTH_SOCK: '' });
}

function handIn(student: string, script: string): void {
  const folder = path.join(place.submissions, student, 'default-bridge');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'run.sh'), script);
}

function handInExample(student: string): void {
  cpSync(`submissions/example-good/${LAB}`, path.join(place.submissions, student, LAB), { recursive: true });
}

const TWO = 'docker run -d --name alpine1 alpine sleep 300\ndocker run -d --name alpine2 alpine sleep 300\n';

test(
  'a machine without the probe agent’s image gets it',
  async () => {
    await host.root('docker rmi $(docker images netgrade/probe --quiet)');
    handIn('first', TWO);
    const { exitCode, stderr } = await gradeThere(['first']);
    expect(stderr).toContain('copying the probe agent');
    expect([exitCode, recordOf(place.out, 'first').score]).toEqual([0, 100]);
    rmSync(place.submissions, { recursive: true });
  },
  GRADING_MS,
);

describe('a good submission and a bad one', () => {
  let before = '';
  beforeAll(async () => {
    before = await host.inventory();
  });

  testCorpus(DEFAULT_GENERATION, [LAB], {
    choose: ({ name }) => ['private-network-internal', 'mongo-published'].includes(name),
    elsewhere: () => ({ place, grade: gradeThere }),
  });

  test('leave nothing behind', async () => {
    expect(await host.inventory()).toBe(before);
    rmSync(place.submissions, { recursive: true });
  });

  test('were judged from here', () => {
    expect(recordOf(place.out, 'mongo-published').engine).toMatchObject({
      host: 'ssh',
      live: false,
      outside: 'the grading machine',
    });
    const published = labOf(place.out, 'mongo-published', LAB).criteria.find(({ id }) => id === 'only-nginx-published');
    expect(JSON.stringify(published)).toContain('from the grading machine');
  });
});

test(
  'a connection that drops is tried again, and what keeps dropping is nobody’s fault',
  async () => {
    const drop = 'pkill --uid student sshd\nsleep 60\n';
    handIn('once', `${TWO}[ -e ~/dropped ] || { touch ~/dropped\n${drop}}`);
    handIn('always', `${TWO}${drop}`);
    handIn('never', TWO);
    const { exitCode } = await gradeThere(['always', 'once', 'never']);
    const [always, once, never] = ['always', 'once', 'never'].map((name) => labOf(place.out, name, 'default-bridge'));
    expect([always?.status, once?.score, never?.score]).toEqual(['error', 100, 100]);
    expect(always?.criteria.filter(({ status }) => status !== 'error')).toEqual([]);
    expect(always?.message).toMatch(/connection.*tried at the second try: .*connection/);
    expect([once?.message, never?.message]).toEqual([
      expect.stringMatching(/^graded at the second try: .*connection/),
      undefined,
    ]);
    expect(JSON.stringify(once?.criteria.map(({ evidence }) => evidence))).toContain('graded at the second try');
    expect(exitCode).toBe(3);
    expect(await host.root('docker ps --all --quiet')).toBe('');
  },
  GRADING_MS,
);

test(
  'behind a firewall that lets only ssh through, nobody loses points for what cannot be seen',
  async () => {
    handInExample('walled');
    const rules = ['INPUT -p tcp ! --dport 22', 'DOCKER-USER -p tcp'].map(
      (rule) => `${rule} -i eth0 -m conntrack --ctstate NEW -j DROP`,
    );
    for (const rule of rules) await host.root(`iptables -I ${rule}`);
    const { exitCode } = await gradeThere(['walled']);
    for (const rule of rules) await host.root(`iptables -D ${rule}`);
    const lab = labOf(place.out, 'walled', LAB);
    expect([exitCode, lab.status, criteriaWith(lab, 'failed')]).toEqual([3, 'error', []]);
    expect(criteriaWith(lab, 'error')).toContain('nginx-published');
    expect(JSON.stringify(lab.criteria)).toMatch(/is there a firewall in between/);
  },
  GRADING_MS,
);

test(
  'what runs there is graded with --live, directly and through a jump host, and nothing is changed',
  async () => {
    const folder = `/root/live/${LAB}`;
    await feed(
      host.container,
      ['tar', '-xC', '/'],
      packFolder(await contentsOf(`submissions/example-good/${LAB}`), folder),
    );
    await host.root(`cd ${folder}/* && docker compose up --detach`);
    const before = await host.inventory();
    const config = `Host behind\n  HostName ${host.address}\n  User student\n  ProxyJump student@${host.address}\n`;
    const args = ['--live', '--lab', LAB];
    const seen = [];
    for (const options of [{}, { home: host.homeWith({ config }), url: 'ssh://behind' }]) {
      const { exitCode } = await gradeThere(args, options);
      // Whose machine it is, is whose record it is: not that of the instructor who looks at it from here.
      const where = 'url' in options ? 'behind' : host.address;
      const { score, maxScore, engine } = recordOf(place.out, `student@${where}`);
      seen.push([exitCode, score, maxScore, engine.outside]);
    }
    expect(seen).toEqual([
      [0, 82, 82, 'the grading machine'],
      [0, 82, 82, 'another machine'],
    ]);
    expect(await host.inventory()).toBe(before);
    await host.root(`cd ${folder}/* && docker compose down --volumes`);
  },
  GRADING_MS,
);

test.each([
  ['whose key is unknown', { known_hosts: '' }, 'student', /SHA256:[\w+/]{43}.*--accept-host-key/s],
  ['where the user may not use Docker', {}, 'outsider', /not in the group docker/],
])(
  'a machine %s is refused with exit 2, before anything is graded',
  async (_, files, user, reason) => {
    handIn('nobody', TWO);
    const { exitCode, stderr } = await gradeThere(['nobody'], {
      home: host.homeWith(files),
      url: `ssh://${user}@${host.address}`,
    });
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(reason)]);
    expect(stderr).not.toMatch(/\n\s+at /);
  },
  GRADING_MS,
);
