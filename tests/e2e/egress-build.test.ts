/** Lab hosts with `--egress build`: steps of builds reach public addresses, and nothing else does. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bootApart, type LabHostsApart, type Said } from '../helpers/lab-hosts-apart.ts';
import { NOT_PUBLIC, OutsideWorld, PORT, PUBLIC } from '../helpers/outside-world.ts';

const SETUP_MS = 300_000;
const COMMAND_MS = 120_000;

let world: OutsideWorld;
let hosts: LabHostsApart;

beforeAll(async () => {
  world = OutsideWorld.open();
  hosts = await bootApart('build');
  world.makePublic();
}, SETUP_MS);

afterAll(async () => {
  await hosts[Symbol.asyncDispose]();
  world[Symbol.dispose]();
}, SETUP_MS);

const run = (text: string): Promise<Said> => hosts.script(0, text);
const ask = (address: string): string => `wget -qO- -T 5 http://${address}:${PORT}`;
/** Builds an image with this step, and prints what the step printed. */
const step = (
  command: string,
  options = '',
): string => `docker build --no-cache --progress plain ${options} - 2>&1 << 'END'
FROM alpine
RUN ${command}
END`;

test(
  'a step of a build reaches a public address, several at a time do, and by the gateway’s nameserver',
  async () => {
    const { exitCode, output } = await run(step(`${ask(PUBLIC)} && cat /etc/resolv.conf`));
    expect([exitCode, output]).toEqual([0, expect.stringMatching(/you are[\s\S]*nameserver 198\.18\.0\.1/)]);
    const both = `(${step(ask(PUBLIC))}\n) > one & (${step(ask(PUBLIC))}\n) > two; wait; cat one two`;
    expect((await run(both)).output.match(/you are/g)).toHaveLength(2);
  },
  COMMAND_MS,
);

test.each(NOT_PUBLIC)(
  'a step of a build does not reach %s',
  async (address) => {
    expect(world.answers(hosts.network, address)).toMatch('you are');
    const { exitCode, output } = await run(step(ask(address)));
    expect([exitCode, output]).toEqual([1, expect.not.stringMatching('you are')]);
  },
  COMMAND_MS,
);

test.each([
  ['a script', `curl --silent --max-time 5 http://${PUBLIC}:${PORT}`],
  ['a container', `docker run --rm alpine ${ask(PUBLIC)}`],
  ['a container on the host’s network', `docker run --rm --network host alpine ${ask(PUBLIC)}`],
  ['a step on the host’s network', step(ask(PUBLIC), '--network host')],
])(
  '%s does not',
  async (_, command) => {
    const { exitCode, output } = await run(command);
    expect(exitCode).not.toBe(0);
    expect(output).not.toMatch('you are');
  },
  COMMAND_MS,
);

test(
  'a script finds no wire among its devices while a step runs, and no way to ask for one',
  async () => {
    const slow = step('echo begun > /dev/null; sleep 5');
    const look = `(${slow}\n) > /dev/null & for i in $(seq 20); do ip -o link show; sleep 0.1; done; wait
      ls /run/netgrade-build && echo inside; nc -NU /run/netgrade-build/socket <<< 1 && echo asked`;
    expect((await run(look)).output).not.toMatch(/uplink|inside|asked/);
  },
  COMMAND_MS,
);
