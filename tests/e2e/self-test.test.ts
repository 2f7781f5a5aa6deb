/** The student's loop: what they do to their own containers shows, and nothing is left when they leave. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import { labHostsOf } from '../helpers/engine.ts';
import { grade, recordOf, workspace } from '../helpers/grade.ts';
import { TestTerminal } from '../helpers/terminal.ts';
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

/** Self-test in a terminal of 80 columns and 24 rows, in which nobody has a browser. */
function inTerminal(env: Record<string, string> = {}): Started {
  const command = `stty rows 24 cols 80; echo "pid $$ on $(tty)."; exec ${[...SELF_TEST, ...stack.arguments].join(' ')}`;
  return new Started(['script', '--quiet', '--return', '--command', command, '/dev/null'], {
    ...{ TERM: 'xterm', DISPLAY: '', WAYLAND_DISPLAY: '' },
    ...env,
  });
}

test(
  'in a terminal, the screen stays where it is when Ctrl-C is pressed, and the cursor is back',
  async () => {
    using watched = inTerminal();
    await watched.writes('82/82 points');
    watched.process.stdin?.write(CTRL_C);
    expect(await watched.ended).toBe(0);

    const { output } = watched;
    expect(output.lastIndexOf('\u001b[?25h')).toBeGreaterThan(output.lastIndexOf('\u001b[?25l'));
    expect(output).not.toMatch(/\u001b\[\?(1049|1047|47)h/); // eslint-disable-line no-control-regex -- another screen
    const afterScreen = output.slice(output.lastIndexOf('\u001b[?2026l')); // the end of what was drawn last
    expect(afterScreen).not.toMatch(/\u001b\[\d*[AJ]/); // eslint-disable-line no-control-regex -- it was not wiped
    expect(await labHostsOf(Number(/pid (\d+) /.exec(output)?.[1]))).toEqual([]);
  },
  TEST_MS,
);

test(
  'in a terminal that is resized, nothing is left of what was drawn before',
  async () => {
    using watched = inTerminal();
    await watched.writes('82/82 points');
    const terminal = new TestTerminal({ columns: 80, rows: 24 });
    const [, tty = ''] = /on (\/dev\/\S+)\./.exec(watched.output) ?? [];
    let read = 0;
    for (const { columns, rows } of [
      { columns: 50, rows: 24 },
      { columns: 110, rows: 40 },
      { columns: 60, rows: 15 },
    ]) {
      const resizedAt = watched.output.length;
      terminal.write(watched.output.slice(read, resizedAt));
      read = resizedAt;
      await terminal.resize({ columns, rows });
      expect(spawnSync('stty', ['-F', tty, 'cols', String(columns), 'rows', String(rows)]).status).toBe(0);
      await watched.writes('\u001b[H\u001b[J', resizedAt);
      const drawn = await watched.writes('82/82 points', watched.output.indexOf('\u001b[H\u001b[J', resizedAt));
      const end = await watched.writes('\u001b[?2026l', drawn);
      terminal.write(watched.output.slice(read, end));
      read = end;
      const seen = (await terminal.seen()).split('\n');
      expect(seen[0]).toMatch(/^nginx-flask-mongo: /);
      expect(seen.filter((line) => /82 points|^nginx-flask-mongo: /.test(line))).toHaveLength(2);
      expect(seen.length).toBeLessThan(rows);
    }
  },
  TEST_MS,
);

test(
  'the key p serves a page, says where, and opens it where there is a browser; the page hears of the end',
  async () => {
    using place = workspace();
    const opened = path.join(place.out, 'opened');
    mkdirSync(place.out, { recursive: true });
    writeFileSync(path.join(place.out, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" > ${opened}\n`, { mode: 0o755 });
    using watched = inTerminal({ DISPLAY: ':7', PATH: `${place.out}:${process.env['PATH'] ?? ''}` });
    await watched.writes('82/82 points');
    watched.process.stdin?.write('p');
    const at = await watched.writes('p  http://127.0.0.1:');
    await watched.writes('82/82 points', at);
    const [url = ''] = /http:\/\/127\.0\.0\.1:\d+\/[\w-]{22}\//.exec(watched.output.slice(at - 30)) ?? [];
    const page = await (await fetch(url)).text();
    expect(page).toContain('82</strong> of 82 points');
    expect(page).toMatch(/nginx-1 eth0<\/li>[\s\S]*lost here, as it should be/);
    const isOpened = (): Promise<true | undefined> => Promise.resolve(existsSync(opened) ? true : undefined);
    expect(await until(SEEN_MS, isOpened)).toBe(true);
    expect(readFileSync(opened, 'utf8')).toBe(url);

    const events = (await fetch(`${url}events`)).text();
    watched.process.stdin?.write(CTRL_C);
    expect(await watched.ended).toBe(0);
    expect(await events).toMatch(/event: ended\ndata: .*You have left self-test/);
  },
  TEST_MS,
);

test(
  'two self-tests watch one engine; both probes can be told by their names',
  async () => {
    using one = selfTest();
    await one.writes('82/82 points');
    using other = selfTest();
    await other.writes('82/82 points');
    const names = async ({ process: { pid } }: Started): Promise<string[]> =>
      (await labHostsOf(pid)).map((id) =>
        spawnSync('docker', ['inspect', '--format', '{{.Name}}', id]).stdout.toString(),
      );
    for (const each of [one, other])
      expect(await names(each)).toEqual([expect.stringMatching(/^\/netgrade-self-test(-\d)?\n$/)]);
    expect(await names(one)).not.toEqual(await names(other));
    for (const each of [one, other]) each.process.kill('SIGINT');
    expect(await Promise.all([one.ended, other.ended])).toEqual([0, 0]);
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
