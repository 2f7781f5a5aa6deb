/** The student's loop: what they do to their own containers shows, and nothing is left when they leave. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import { labHostsOf } from '../helpers/engine.ts';
import { grade, recordOf, workspace } from '../helpers/grade.ts';
import { Cuttable, dockerCommand, OwnStack, SELF_TEST, Started } from '../helpers/self-test.ts';

const TEST_MS = 120_000;
const SEEN_MS = 30_000;
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

/** What is done to the stack, and what undoes it. */
const ACTIONS: Record<string, { does: string[]; undoes: string[]; isSudden: boolean }> = {
  'a stop of mongo': acts('stop', 'start', 'mongo'),
  'a pause of mongo': acts('pause', 'unpause', 'mongo'),
  'a pause of flask-app': acts('pause', 'unpause', 'flask-app'),
  'a pause of nginx': acts('pause', 'unpause', 'nginx'),
  'a network less': moves('disconnect', 'connect', 'flask-app', 'private-net-1'),
  'a network more': moves('connect', 'disconnect', 'nginx', 'private-net-1'),
};

function acts(verb: string, back: string, role: string): { does: string[]; undoes: string[]; isSudden: boolean } {
  const container = stack.container(role);
  return { does: [verb, container], undoes: [back, container], isSudden: verb !== 'stop' };
}

function moves(verb: string, back: string, role: string, network: string): ReturnType<typeof acts> {
  const command = (what: string): string[] => [
    ...['network', what, ...(what === 'connect' ? ['--alias', role] : [])],
    ...[stack.network(network), stack.container(role)],
  ];
  return { does: command(verb), undoes: command(back), isSudden: true };
}

test(
  'what is shown while the rest is being tried is what a whole survey says',
  async () => {
    using watched = selfTest();
    await watched.writes('82/82 points');
    const atRest = marksIn(watched.output);
    for (const [when, { does, undoes, isSudden }] of Object.entries(ACTIONS)) {
      const from = watched.output.length;
      dockerCommand(...does);
      const graded = await gradedAsItRuns();
      expect(await shows(watched, graded)).toEqual(graded);
      const told = changesIn(watched.output.slice(from)).map(({ id }) => id);
      // What is shown of a container that is ending may be about its end.
      const again = isSudden ? told.filter((id, i) => told.indexOf(id) !== i) : [];
      expect({ when, again, isTold: told.length > 0 }).toEqual({ when, again: [], isTold: true });
      dockerCommand(...undoes);
      expect(await shows(watched, atRest)).toEqual(atRest);
    }
  },
  TEST_MS * 3,
);

const MARKS: Record<string, string> = { passed: '✓', failed: '✗', skipped: '–', error: '!' };

/** The marks of all rules, by id, as `npm run grade -- --live` gives them. */
async function gradedAsItRuns(): Promise<Record<string, string>> {
  using place = workspace();
  const { exitCode, stderr } = await grade(
    [...stack.arguments, '--host', 'local', '--live', '--student', 'frida'].concat(['--out', place.out]),
  );
  expect([exitCode, stderr]).toEqual([0, expect.any(String)]);
  const { criteria } = recordOf(place.out, 'frida').labs[0]!;
  return Object.fromEntries(criteria.map(({ id, status }) => [id, MARKS[status]!]));
}

/** Waits until self-test has these marks. @returns those that it has in the end. */
async function shows(watched: Started, marks: Record<string, string>): Promise<Record<string, string>> {
  const wanted = JSON.stringify(Object.entries(marks).sort());
  await until(SEEN_MS, () => {
    const now = JSON.stringify(Object.entries(marksIn(watched.output)).sort());
    return Promise.resolve(now === wanted ? true : undefined);
  });
  return marksIn(watched.output);
}

/** The last mark of each rule in a log: of the whole state in the beginning, and of the changes since. */
function marksIn(log: string): Record<string, string> {
  const beginning = [...log.matchAll(/^([✓✗–!]) .* {2}(\S+)$/gm)].map(([, mark, id]) => [id!, mark!] as const);
  const changed = changesIn(log).map(({ id, mark }) => [id, mark] as const);
  return Object.fromEntries([...beginning, ...changed]);
}

function changesIn(log: string): { id: string; mark: string }[] {
  return [...log.matchAll(/^\d\d:\d\d:\d\d ([✓✗–!]) (\S+)/gm)].map(([, mark, id]) => ({ id: id!, mark: mark! }));
}

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
  [['nginx-flask-mong'], /no lab "nginx-flask-mong".*did you mean nginx-flask-mongo/],
])('self-test %j is refused with exit 2 and a reason', async (args, reason) => {
  using refused = new Started([...SELF_TEST, ...args]);
  expect([await refused.ended, refused.output]).toEqual([2, expect.stringMatching(reason)]);
});
