/** `--host local`: the same verdicts on a student's own machine, and nothing of the student's is touched. */
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_GENERATION } from '../../helpers/setup/generations.ts';
import { testCorpus } from '../helpers/corpus-tests.ts';
import { criteriaWith, labOf, recordOf } from '../helpers/grade.ts';
import { bootLaptop, type Laptop } from '../helpers/laptop.ts';

const PREPARE_MS = 600_000;
const GRADING_MS = 120_000;
const LOCAL = ['--host', 'local'];

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

describe('the corpus’ representative submissions, graded one after the other', () => {
  let before = '';
  beforeAll(async () => {
    before = await laptop.inventory();
  });

  testCorpus(
    DEFAULT_GENERATION,
    ['nginx-flask-mongo', 'user-defined-bridge', 'host-network', 'expose-vs-publish', 'none-network'],
    {
      choose: ({ representative }) => representative,
      elsewhere: () => ({ place: laptop.place, grade: (args) => laptop.grade([...LOCAL, ...args]) }),
    },
  );

  test('leave nothing behind', async () => {
    expect(await laptop.inventory()).toBe(before);
    rmSync(laptop.place.submissions, { recursive: true });
  });
});

describe('beside what the student has there', () => {
  afterEach(async () => {
    await laptop.root(
      'docker ps --all --quiet | xargs -r docker rm --force; docker network prune --force; docker volume prune --all --force; pkill -f [c]reateServer || true',
    );
    rmSync(laptop.place.submissions, { recursive: true, force: true });
  });

  const RUN = 'docker run -d --name alpine1 alpine sleep 300\ndocker run -d --name alpine2 alpine sleep 300\n';

  test.each([
    [
      'a container’s name',
      'docker run -d --name alpine2 busybox sleep 300',
      RUN,
      /the container name "alpine2" is taken by the container alpine2 \(image busybox/,
    ],
    [
      'a network’s name',
      'docker network create my-net',
      `docker network create my-net\n${RUN}`,
      /there is a network "my-net" already/,
    ],
    [
      'a port, by a container',
      'docker run -d --name site -p 8080:80 nginx',
      `${RUN}docker run -d -p 8080:80 nginx`,
      /port 8080 of the host is taken by the container site/,
    ],
    [
      'a port, by a process',
      'nohup node -e "require(\'net\').createServer().listen(8080)" >/dev/null 2>&1 & until ss -tln | grep -q :8080; do :; done',
      `${RUN}docker run -d -p 127.0.0.1:8080:80 nginx`,
      /port 8080 of the host is taken by the process node \(\d+\)/,
    ],
    [
      'a subnet',
      'docker network create --subnet 10.7.0.0/16 vpn',
      `docker network create --subnet=10.7.8.0/24 my-net\n${RUN}`,
      /the subnet 10\.7\.8\.0\/24 overlaps that of the network "vpn"/,
    ],
    [
      'a container that the script removes',
      'docker run -d --name database busybox sleep 300',
      `docker rm -f database\n${RUN}`,
      /changes or removes the container database/,
    ],
  ])(
    '%s that is taken is named, and nothing is touched',
    async (_, others, script, reason) => {
      await laptop.root(others);
      const before = await laptop.inventory();
      handIn('alice', 'default-bridge', { 'run.sh': script });
      const { exitCode } = await laptop.grade([...LOCAL, 'alice']);
      const lab = labOf(laptop.place.out, 'alice', 'default-bridge');
      expect([exitCode, lab.status, criteriaWith(lab, 'failed')]).toEqual([3, 'error', []]);
      expect(lab.message).toMatch(reason);
      expect(lab.message).toContain('nothing was touched');
      expect(await laptop.inventory()).toBe(before);
    },
    GRADING_MS,
  );

  test(
    'a Compose project that runs there already is named',
    async () => {
      handInExample('bob', 'nginx-flask-mongo');
      const folder = path.join('nginx-flask-mongo', 'nginx_flask_mongodb');
      await laptop.root(
        `cp -r /work-of-students/submissions/bob /root/ && cd /root/bob/${folder} && docker compose up --detach`,
      );
      const before = await laptop.inventory();
      const { exitCode } = await laptop.grade([...LOCAL, 'bob']);
      const { message } = labOf(laptop.place.out, 'bob', 'nginx-flask-mongo');
      expect(exitCode).toBe(3);
      expect(message).toMatch(/the Compose project "nginx_flask_mongodb" runs here already .*from \/root\/bob/);
      expect(await laptop.inventory()).toBe(before);
    },
    GRADING_MS,
  );

  test.each([
    ['a name that is computed', 'N=alpine1; docker run -d --name $N alpine sleep 300', /alpine1" is already in use/],
    ['everything', 'docker run -d --name made alpine sleep 300\ndocker container prune --force', /remove all unused/],
    [
      'all containers',
      'docker run -d --name made alpine sleep 300\ndocker rm -f $(docker ps -aq)',
      /"[0-9a-f]{12}" was there before/,
    ],
    ['the machine itself', 'docker swarm init', /change the machine itself/],
  ])(
    'a script that would take %s meets the gate; what it made is removed',
    async (_, script, reason) => {
      await laptop.root('docker run -d --name alpine1 busybox sleep 300; docker create --name stopped busybox true');
      const before = await laptop.inventory();
      handIn('eve', 'default-bridge', { 'run.sh': script });
      const { exitCode } = await laptop.grade([...LOCAL, 'eve']);
      const lab = labOf(laptop.place.out, 'eve', 'default-bridge');
      expect([exitCode, lab.status, criteriaWith(lab, 'failed')]).toEqual([3, 'error', []]);
      expect(lab.message).toMatch(reason);
      expect(await laptop.inventory()).toBe(before);
    },
    GRADING_MS,
  );

  test(
    'a name that the submission itself takes twice is its own fault',
    async () => {
      handIn('carol', 'default-bridge', { 'run.sh': `${RUN}docker run -d --name alpine2 alpine sleep 300` });
      const { exitCode } = await laptop.grade([...LOCAL, 'carol']);
      expect([exitCode, labOf(laptop.place.out, 'carol', 'default-bridge').status]).toEqual([0, 'graded']);
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
    },
    GRADING_MS,
  );
});

describe('--live', () => {
  const LIVE = [...LOCAL, '--live', '--lab', 'nginx-flask-mongo', '--student', 'frida'];
  const EXPERIMENTS = ['by-name-not-by-address', 'end-to-end'];

  beforeAll(async () => {
    handInExample('frida', 'nginx-flask-mongo');
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
    return labOf(laptop.place.out, 'frida', 'nginx-flask-mongo');
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
      expect(exitCode).toBe(3);
      expect(stderr).toMatch(/the engine at unix:\/\/\/nowhere.* does not answer/);
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
