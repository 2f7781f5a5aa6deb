/** The student's loop: what they do to their own containers shows, and nothing is left when they leave. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { labHostsOf } from '../helpers/engine.ts';
import { Cuttable, dockerCommand, OwnStack, SELF_TEST, Started } from '../helpers/self-test.ts';

const TEST_MS = 120_000;
const CTRL_C = '\u0003';

const stack = new OwnStack();
beforeAll(() => stack.up(), TEST_MS);
afterAll(() => {
  stack[Symbol.dispose]();
}, TEST_MS);

function selfTest(env: Record<string, string> = {}): Started {
  return new Started([...SELF_TEST, ...stack.arguments], env);
}

test(
  'without a terminal, each rule that changes is a line; leaving removes the probe',
  async () => {
    const [nginx, network] = [stack.container('nginx'), stack.network('private-net-1')];
    using watched = selfTest();
    let at = await watched.writes('82/82 points');
    expect(await labHostsOf(watched.process.pid)).toHaveLength(1);

    dockerCommand('network', 'connect', network, nginx);
    at = await watched.writes('✗ nginx-public-only  nginx is on ', at);
    at = await watched.writes('✗ nginx-cannot-reach-mongo  nginx reaches mongo at ', at);

    dockerCommand('network', 'disconnect', network, nginx);
    at = await watched.writes('✓ nginx-public-only', at);
    at = await watched.writes('✓ nginx-cannot-reach-mongo', at);

    dockerCommand('stop', '--time', '1', stack.container('mongo'));
    at = await watched.writes('✗ containers-running  mongo is not running', at);
    dockerCommand('start', stack.container('mongo'));
    at = await watched.writes('✓ containers-running', at);
    await watched.writes('✓ real-mongo', at);

    watched.process.kill('SIGINT');
    expect(await watched.ended).toBe(0);
    expect(await labHostsOf(watched.process.pid)).toEqual([]);
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(watched.output).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  },
  TEST_MS,
);

test(
  'while Compose takes the stack down and up again, it shows rules and no trouble, also when it starts',
  async () => {
    const firstTime = stack.upAnew();
    using watched = selfTest();
    await firstTime;
    for (let times = 0; times < 5; times++) await stack.upAnew();
    await watched.writes('✓ containers-running', watched.output.lastIndexOf('✗ containers-running'));

    watched.process.kill('SIGINT');
    expect(await watched.ended).toBe(0);
    expect(watched.output).not.toMatch(/trying again|internal error/);
  },
  TEST_MS,
);

test(
  'in a terminal, the screen stays where it is when Ctrl-C is pressed, and the cursor is back',
  async () => {
    const command = `stty rows 24 cols 80; echo "pid $$."; exec ${[...SELF_TEST, ...stack.arguments].join(' ')}`;
    using watched = new Started(['script', '--quiet', '--return', '--command', command, '/dev/null'], {
      TERM: 'xterm',
    });
    await watched.writes('82/82 points');
    watched.process.stdin?.write(CTRL_C);
    expect(await watched.ended).toBe(0);

    const { output } = watched;
    expect(output.lastIndexOf('\u001b[?25h')).toBeGreaterThan(output.lastIndexOf('\u001b[?25l'));
    expect(output).not.toMatch(/\u001b\[\?(1049|1047|47)h/); // eslint-disable-line no-control-regex -- another screen
    const afterScreen = output.slice(output.lastIndexOf('82/82 points'));
    expect(afterScreen).not.toMatch(/\u001b\[\d*[AJ]/); // eslint-disable-line no-control-regex -- it was not wiped
    expect(await labHostsOf(Number(/pid (\d+)\./.exec(output)?.[1]))).toEqual([]);
  },
  TEST_MS,
);

test(
  'when the connection to the engine is lost, it says so and goes on as soon as it can',
  async () => {
    using way = new Cuttable();
    await way.open();
    using watched = selfTest({ DOCKER_HOST: way.url });
    let at = await watched.writes('82/82 points');

    way.cut();
    at = await watched.writes('trying again', at);
    await way.open();
    at = await watched.writes('looking again', at);
    dockerCommand('pause', stack.container('mongo'));
    at = await watched.writes('✗ containers-running  mongo is paused', at);
    dockerCommand('unpause', stack.container('mongo'));
    await watched.writes('✓ containers-running', at);

    watched.process.kill('SIGTERM');
    expect(await watched.ended).toBe(0);
    expect(await labHostsOf(watched.process.pid)).toEqual([]);
  },
  TEST_MS,
);

test.each([
  [['--lab', 'nginx-flask-mongo', '--allow-disturb'], /changes nothing.*--allow-disturb/],
  [['--lab', 'nginx-flask-mongo', '--host', 'disposable'], /--host local/],
  [['--lab', 'overlay-network'], /two machines/],
  [[], /--lab/],
])('self-test %j is refused with exit 2 and a reason', async (args, reason) => {
  using refused = new Started([...SELF_TEST, ...args]);
  expect([await refused.ended, refused.output]).toEqual([2, expect.stringMatching(reason)]);
});
