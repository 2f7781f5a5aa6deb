/** `--host local`: the same verdicts on a student's own machine, and nothing of the student's is touched. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packZip } from '../attacks/archive.ts';
import { DEFAULT_GENERATION } from '../../helpers/machine/setup/generations.ts';
import { testCorpus } from '../helpers/corpus-tests.ts';
import { criteriaWith, labOf, recordOf, type Run } from '../helpers/grade.ts';
import { bootLaptop, type Laptop } from '../helpers/laptop.ts';

const PREPARE_MS = 600_000;
const GRADING_MS = 120_000;
const LOCAL = ['--host', 'local'];
const LAB = 'nginx-flask-mongo';

let laptop: Laptop;
beforeAll(async () => {
  laptop = await bootLaptop();
}, PREPARE_MS);
afterAll(async () => {
  await laptop[Symbol.asyncDispose]();
}, GRADING_MS);

function handIn(student: string, lab: string, files: Record<string, string>): void {
  for (const [file, text] of Object.entries(files)) {
    const target = path.join(laptop.place.submissions, student, lab, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

function handInExample(student: string, lab: string): void {
  cpSync(`submissions/example-good/${lab}`, path.join(laptop.place.submissions, student, lab), { recursive: true });
}

describe('submissions that are representative of their labs, graded one after the other', () => {
  let before = '';
  beforeAll(async () => {
    before = await laptop.inventory();
  });

  testCorpus(DEFAULT_GENERATION, [LAB, 'host-network'], {
    choose: ({ name, representative }) => representative && name !== 'private-network-internal',
    elsewhere: () => ({ place: laptop.place, grade: (args) => laptop.grade([...LOCAL, ...args]) }),
  });

  test('leave nothing behind', async () => {
    expect(await laptop.inventory()).toBe(before);
    rmSync(laptop.place.submissions, { recursive: true });
  });
});

const RUN = 'docker run -d --name alpine1 alpine sleep 300\ndocker run -d --name alpine2 alpine sleep 300\n';

describe('beside what the student has there', () => {
  const OTHERS = [
    'docker run -d --name mine busybox sleep 300',
    'docker network create my-net',
    'docker run -d --name site -p 8080:80 nginx',
    'nohup node -e "require(\'net\').createServer().listen(8081)" >/dev/null 2>&1 &\n until ss -tln | grep -q :8081; do :; done',
    'docker network create --subnet 10.7.0.0/16 vpn',
    'cp -r /netgrade/submissions/example-good/nginx-flask-mongo /root/ && cd /root/nginx-flask-mongo/* && docker compose create',
  ];
  const TAKEN: [string, string, RegExp][] = [
    ['name', 'docker run -d --name mine alpine sleep 300', /the container name "mine" is taken by the container mine/],
    ['network', `docker network create my-net\n${RUN}`, /there is a network "my-net" already/],
    ['port', `${RUN}docker run -d -p 8080:80 nginx`, /port 8080 of the host is taken by the container site/],
    ['process', `docker run -d -p 8081:80 nginx`, /port 8081 of the host is taken by the process node \(\d+\)/],
    ['subnet', 'docker network create --subnet=10.7.8.0/24 a', /the subnet 10\.7\.8\.0\/24 overlaps .*"vpn"/],
    ['removal', `docker rm -f mine\n${RUN}`, /changes or removes the container mine/],
  ];
  const MET: [string, string, RegExp][] = [
    ['computed-name', 'docker run -d --name $(echo mine) alpine sleep 300', /mine" is already in use/],
    ['sweep', `${RUN}docker container prune --force`, /remove all unused/],
    ['everything', `${RUN}docker rm -f $(docker ps -aq)`, /"[0-9a-f]{12}" was there before/],
    ['machine', 'docker swarm init', /change the machine itself/],
  ];
  let before = '';
  let run: Run;

  beforeAll(async () => {
    await laptop.root(OTHERS.join('\n'));
    for (const [student, script] of [...TAKEN, ...MET]) handIn(student, 'default-bridge', { 'run.sh': script });
    handIn('its-own', 'default-bridge', { 'run.sh': `${RUN}docker run -d --name alpine2 alpine sleep 300` });
    handInExample('compose', LAB);
    before = await laptop.inventory();
    run = await laptop.grade(LOCAL);
  }, GRADING_MS);
  afterAll(async () => {
    await laptop.root(
      'docker ps --all --quiet | xargs -r docker rm --force; docker network prune --force; pkill -f [c]reateServer',
    );
    rmSync(laptop.place.submissions, { recursive: true });
  });

  test('is not the student’s fault', () => {
    expect(run.exitCode).toBe(3);
  });

  test.each(TAKEN)('a %s that is taken is named, and nothing is touched', (student, _, reason) => {
    const lab = labOf(laptop.place.out, student, 'default-bridge');
    expect([lab.status, criteriaWith(lab, 'failed')]).toEqual(['error', []]);
    expect(lab.message).toMatch(reason);
    expect(lab.message).toContain('nothing was touched');
  });

  test('a Compose project that is there already is named', () => {
    const { status, message } = labOf(laptop.place.out, 'compose', LAB);
    expect(status).toBe('error');
    expect(message).toMatch(/the Compose project "nginx_flask_mongodb" .*from \/root\/nginx-flask-mongo/);
  });

  test.each(MET)('a script that would take what others have meets the gate: %s', (student, _, reason) => {
    const lab = labOf(laptop.place.out, student, 'default-bridge');
    expect([lab.status, criteriaWith(lab, 'failed')]).toEqual(['error', []]);
    expect(lab.message).toMatch(reason);
  });

  test('a name that the submission itself takes twice is its own fault', () => {
    expect(labOf(laptop.place.out, 'its-own', 'default-bridge').status).toBe('graded');
  });

  test('all that was there is as it was, and what was made is gone', async () => {
    expect(await laptop.inventory()).toBe(before);
  });
});

test(
  'an archive, and texts of Windows in it, arrive as they are meant',
  async () => {
    const script = `\ufeff#!/bin/bash\r\n${RUN.replaceAll('\n', '\r\n')}`;
    const folder = path.join(laptop.place.submissions, 'gil', 'default-bridge');
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'work.zip'), packZip([{ name: 'Exercise 1/start.sh', content: script }]));
    const before = await laptop.inventory();
    expect((await laptop.grade([...LOCAL, 'gil'])).exitCode).toBe(0);
    const lab = labOf(laptop.place.out, 'gil', 'default-bridge');
    expect(lab.deployment).toMatchObject({ directory: 'work/Exercise 1', command: 'bash start.sh' });
    expect(criteriaWith(lab, 'passed')).toContain('containers-running');
    expect(await laptop.inventory()).toBe(before);
    rmSync(laptop.place.submissions, { recursive: true });
  },
  GRADING_MS,
);

test(
  'what a killed run left is removed by the next one, and nothing else',
  async () => {
    await laptop.root('docker run -d --name mine busybox sleep 300');
    const before = await laptop.inventory();
    handIn('dora', 'default-bridge', { 'run.sh': `${RUN}pkill -KILL -f helpers/cli/grade.ts\nsleep 60` });
    expect((await laptop.grade([...LOCAL, 'dora'])).exitCode).toBe(137);
    expect(await laptop.root('docker ps --format "{{.Names}}"')).toContain('alpine1');
    handIn('dora', 'default-bridge', { 'run.sh': RUN });
    expect((await laptop.grade([...LOCAL, 'dora'])).exitCode).toBe(0);
    await laptop.root('rm -rf /tmp/netgrade*'); // files of a killed run stay until the system clears /tmp
    expect(await laptop.inventory()).toBe(before);
    await laptop.root('docker rm -f mine');
    rmSync(laptop.place.submissions, { recursive: true });
  },
  GRADING_MS,
);

describe('--live', () => {
  const LIVE = [...LOCAL, '--live', '--lab', LAB, '--student', 'frida'];
  const EXPERIMENTS = ['by-name-not-by-address', 'end-to-end'];

  beforeAll(async () => {
    handInExample('frida', LAB);
    await laptop.root(
      'docker run -d --name stranger -p 9999:80 nginx; cp -r /work-of-students/submissions/frida /root/ && cd /root/frida/nginx-flask-mongo/* && docker compose up --detach',
    );
    rmSync(laptop.place.submissions, { recursive: true });
  }, GRADING_MS);
  afterAll(async () => {
    await laptop.root('docker rm -f stranger; cd /root/frida/nginx-flask-mongo/* && docker compose down --volumes');
  }, GRADING_MS);

  async function gradeLive(...args: string[]): Promise<ReturnType<typeof labOf>> {
    const { exitCode } = await laptop.grade([...LIVE, ...args]);
    expect(exitCode).toBe(0);
    return labOf(laptop.place.out, 'frida', LAB);
  }

  test(
    'grades what runs and changes nothing; what would disturb it is not judged and not counted',
    async () => {
      const before = await laptop.inventory();
      const lab = await gradeLive();
      expect([lab.score, lab.maxScore, criteriaWith(lab, 'skipped')]).toEqual([82, 82, EXPERIMENTS]);
      expect(lab.message).toMatch(/not counted \(18 points\)/);
      expect(lab.topology.containers.map(({ name }) => name)).not.toContain('stranger');
      expect(recordOf(laptop.place.out, 'frida').engine).toMatchObject({
        host: 'local',
        live: true,
        outside: 'another machine',
      });
      expect(await laptop.inventory()).toBe(before);
    },
    GRADING_MS,
  );

  test(
    'follows what the student changes',
    async () => {
      const net = 'nginx_flask_mongodb_private-net-1 nginx_flask_mongodb-nginx-1';
      await laptop.root(`docker network connect ${net}`);
      const worse = await gradeLive();
      await laptop.root(`docker network disconnect ${net}`);
      const better = await gradeLive();
      expect([criteriaWith(worse, 'failed'), criteriaWith(better, 'failed')]).toEqual([
        ['nginx-cannot-reach-mongo', 'nginx-public-only'],
        [],
      ]);
    },
    GRADING_MS,
  );

  test(
    'with --allow-disturb everything is judged, and the stack still runs',
    async () => {
      const lab = await gradeLive('--allow-disturb');
      expect([lab.score, lab.maxScore]).toEqual([100, 100]);
      expect((await gradeLive()).score).toBe(82);
      // The networks that were made anew are the student's, not ours to remove.
      expect(await laptop.root('docker network ls --quiet --filter label=netgrade')).toBe('');
    },
    GRADING_MS,
  );

  test(
    'is what submission.yaml asks for with `deploy: live`',
    async () => {
      handIn('ida', LAB, { 'submission.yaml': 'deploy: live\n' });
      const { exitCode } = await laptop.grade([...LOCAL, 'ida']);
      rmSync(laptop.place.submissions, { recursive: true });
      expect([exitCode, recordOf(laptop.place.out, 'ida').score]).toEqual([0, 82]);
    },
    GRADING_MS,
  );

  test(
    'from where the containers’ addresses lead nowhere, “outside” is this machine’s own address',
    async () => {
      // A virtual machine in between, as Docker Desktop has one, shows in the kernel being another.
      const elsewhere = 'echo another-kernel > /run/boot-id; mount --bind /run/boot-id /proc/sys/kernel/random/boot_id';
      const { exitCode } = await laptop.grade(LIVE, {
        through: ['unshare', '--mount', 'sh', '-c', `${elsewhere} && exec "$@"`, 'sh'],
      });
      const record = recordOf(laptop.place.out, 'frida');
      expect([exitCode, record.score, record.engine.outside]).toEqual([0, 82, 'this machine, at its own address']);
      const published = record.labs[0]?.criteria.find(({ id }) => id === 'nginx-published');
      expect(JSON.stringify(published?.evidence)).toContain('from this machine, at its own address');
    },
    GRADING_MS,
  );
});

describe('where the engine’s machine does not see all files of this one', () => {
  /** As with a virtual machine: another name, and folders of this machine's own, in which the engine sees nothing. */
  const elsewhere = (...folders: string[]): string[] => {
    const own = folders.map((folder) => `mount -t tmpfs tmpfs ${folder}`).join(' && ');
    return ['unshare', '--mount', '--uts', 'sh', '-c', `hostname a-laptop && ${own} && exec "$@"`, 'sh'];
  };
  const MOUNTS =
    'docker run -dit --network none --name isolated -v "$PWD/run.sh:/mounted" alpine sh -c "test -f /mounted && sleep 300"';
  beforeAll(() => {
    for (const student of ['joe', 'kim']) handIn(student, 'none-network', { 'run.sh': MOUNTS });
  });
  afterAll(() => {
    rmSync(laptop.place.submissions, { recursive: true });
  });

  test(
    'a submission lies where it does, and mounts its files',
    async () => {
      const { exitCode } = await laptop.grade([...LOCAL, 'joe'], { through: elsewhere('/tmp') });
      expect([exitCode, recordOf(laptop.place.out, 'joe').score]).toEqual([0, 100]);
      expect(await laptop.root('ls -A /root/.cache')).toBe('');
    },
    GRADING_MS,
  );

  test(
    'and if there is no such place, nothing is deployed, which is not the student’s fault',
    async () => {
      const { exitCode } = await laptop.grade([...LOCAL, 'kim'], { through: elsewhere('/tmp', '/root') });
      const lab = labOf(laptop.place.out, 'kim', 'none-network');
      expect([exitCode, lab.status]).toEqual([3, 'error']);
      expect(lab.message).toMatch(/sees the files of this one neither in \/tmp nor in \/root\/\.cache/);
    },
    GRADING_MS,
  );
});

describe('which engine is meant', () => {
  const MOVED = '/run/other.sock';
  beforeAll(async () => {
    await laptop.root(`mv /var/run/docker.sock ${MOVED}`);
    handInExample('gus', 'default-bridge');
  });
  afterAll(async () => {
    await laptop.root(`mv ${MOVED} /var/run/docker.sock; docker context use default`);
  });

  test(
    'says DOCKER_HOST',
    async () => {
      const { exitCode } = await laptop.grade([...LOCAL, 'gus'], { env: { DOCKER_HOST: `unix://${MOVED}` } });
      expect([exitCode, recordOf(laptop.place.out, 'gus').score]).toEqual([0, 100]);
    },
    GRADING_MS,
  );

  test(
    'says Docker’s current context',
    async () => {
      await laptop.root(`docker context create work --docker host=unix://${MOVED} && docker context use work`);
      const { exitCode } = await laptop.grade([...LOCAL, 'gus']);
      expect([exitCode, recordOf(laptop.place.out, 'gus').score]).toEqual([0, 100]);
    },
    GRADING_MS,
  );

  test(
    'one that does not answer is not the student’s fault',
    async () => {
      const { exitCode, stderr } = await laptop.grade([...LOCAL, 'gus'], { env: { DOCKER_HOST: 'unix:///nowhere' } });
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/no engine at unix:\/\/\/nowhere, which DOCKER_HOST names/);
    },
    GRADING_MS,
  );
});

test.each([
  [['--live'], /--live looks at what runs on a machine/],
  [['--host', 'local', '--allow-disturb'], /--allow-disturb goes with --live/],
  [['--host', 'cloud'], /--host "cloud" is not one of/],
  [['--host', 'local', '--lab', 'overlay-network'], /overlay-network needs two machines/],
  [['--host', 'local', '--live'], /say which lab/],
])(
  'grade %j is refused with exit 2',
  async (args, reason) => {
    mkdirSync(path.join(laptop.place.submissions, 'hal', 'overlay-network'), { recursive: true });
    const { exitCode, stderr } = await laptop.grade(args);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(reason)]);
  },
  GRADING_MS,
);
