/** What scripts find on a fresh lab host: a terminal, the usual commands, the course's images whenever they ask for them. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { bootApart, type LabHostsApart, type Said } from '../helpers/lab-hosts-apart.ts';

const SETUP_MS = 300_000;
const COMMAND_MS = 90_000;

let hosts: LabHostsApart;
beforeAll(async () => {
  hosts = await bootApart('none');
}, SETUP_MS);
afterAll(async () => {
  await hosts[Symbol.asyncDispose]();
}, SETUP_MS);

const one = (text: string): Promise<Said> => hosts.script(0, text);
const other = (text: string): Promise<Said> => hosts.script(1, text);

describe('a terminal at which nobody sits', () => {
  test.each<[string, string, RegExp, number]>([
    [
      'is the standard input, and not the outputs',
      'tty && [ -t 0 ] && ! [ -t 1 ] && ! [ -t 2 ] && echo fine',
      /fine/,
      0,
    ],
    [
      'gives the end of file to whoever reads, again and again',
      'read a || cat; cat; read b < /dev/tty || echo ended',
      /^ended\n$/,
      0,
    ],
    ['ends a script that needs an answer', 'set -e; read -p "Go on? " answer; echo never', /^Go on\? (?!.*never)/, 1],
    ['passes the exit code on', 'exit 7', /^$/, 7],
    ['is enough for `docker run -it`', 'docker run -it --rm alpine echo hello', /hello/, 0],
    [
      'is enough for `docker exec -it`',
      'docker run -dit --name box alpine && docker exec -it box echo hello',
      /hello/,
      0,
    ],
    [
      'lets a shell end to which a script is attached',
      'docker run -dit --name shell alpine && docker attach shell; echo on',
      /on\n$/,
      0,
    ],
  ])(
    '%s',
    async (_, script, says, exitCode) => {
      expect(await one(script)).toEqual({ exitCode, output: expect.stringMatching(says) });
    },
    COMMAND_MS,
  );

  test(
    'ends with the script, and so does what reads from it',
    async () => {
      const started = performance.now();
      await one('sleep 600 < /dev/tty &');
      expect(performance.now() - started).toBeLessThan(20_000);
    },
    COMMAND_MS,
  );
});

test.each([
  'make --version',
  'git --version',
  'wget --version',
  'jq --version',
  'nc -h',
  'dig -v',
  'nslookup -version',
  'ifconfig lo',
  'netstat -tn',
  'unzip -v',
  'python3 --version',
  'docker-compose version',
  'command -v telnet ping ip curl',
  'sudo -E -u root docker version',
  'sudo apt-get update && sudo apt-get install -y docker.io && sudo systemctl start docker',
  '/etc/init.d/docker start',
  'echo deb | sudo tee /etc/apt/sources.list.d/docker.list',
])(
  '%s works',
  async (command) => {
    expect(await one(command)).toMatchObject({ exitCode: 0 });
  },
  COMMAND_MS,
);

describe('the course’s images can be had', () => {
  test(
    'after everything was removed',
    async () => {
      const remove =
        'docker rm -f $(docker ps -aq); docker system prune --all --force --volumes > /dev/null; docker images -q';
      expect((await other(remove)).output).not.toMatch(/^[0-9a-f]{12}$/m);
      const { exitCode, output } = await other('docker run --rm alpine echo "here again"');
      expect([exitCode, output]).toEqual([0, expect.stringContaining('here again')]);
    },
    COMMAND_MS,
  );

  test.each([
    'docker pull nginx',
    'docker pull mongo:7.0',
    'docker pull docker.io/library/busybox:1.36',
    'docker run --rm --pull always python:3.12-slim python3 --version',
    'docker rmi -f $(docker images -q) > /dev/null; docker pull alpine:3.20',
    'printf "FROM nginx:1.27-alpine\\nRUN true\\n" | docker build --pull -',
    'printf "FROM python:3.9\\nRUN true\\n" | DOCKER_BUILDKIT=0 docker build --pull -',
    'mkdir -p c && echo "services: { web: { image: nginx:stable, pull_policy: always } }" > c/compose.yaml && cd c && docker compose pull && docker compose up -d && docker compose down',
  ])(
    'by %s',
    async (command) => {
      const { exitCode, output } = await other(command);
      expect([exitCode, output]).toEqual([0, expect.any(String)]);
    },
    COMMAND_MS,
  );

  test(
    'and no others',
    async () => {
      const { exitCode, output } = await other('docker pull redis:7');
      expect([exitCode, output]).toEqual([1, expect.stringMatching(/no such host/)]);
    },
    COMMAND_MS,
  );
});

test(
  'a container may mount folders for temporary files, and what scripts and containers put there is seen by both',
  async () => {
    const script = `mkdir /tmp/data && echo script > /tmp/data/a
      docker run --rm -v /tmp/data:/data alpine sh -c 'cat /data/a; echo container > /data/b' && cat /tmp/data/b`;
    expect(await one(script)).toEqual({ exitCode: 0, output: 'script\ncontainer\n' });
    const clock =
      'docker run --rm -v /etc/localtime:/etc/localtime:ro -v /etc/timezone:/etc/timezone:ro alpine cat /etc/timezone';
    expect(await one(clock)).toMatchObject({ exitCode: 0 });
  },
  COMMAND_MS,
);
