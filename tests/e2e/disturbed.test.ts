/**
 * What runs on a machine in use is never left broken: `--live --allow-disturb` is ended in the middle, in every way in which a
 * run ends. What comes of each stands in tests/helpers/faults/disturbed.ts; a table of what was seen is printed at the end.
 */
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openDoor } from '../helpers/engine-door.ts';
import { DISTURBED, disturbedTable, type Disturbed, type DisturbedName } from '../helpers/faults/disturbed.ts';
import { LAB, StudentStack } from '../helpers/faults/student-stack.ts';
import { commandOf, grade, startGrading, workspace, type RunningGrader, type Workspace } from '../helpers/grade.ts';
import { Started } from '../helpers/self-test.ts';

jest.setTimeout(600_000);

/** Requests of the experiments, each the first one after something was changed. */
const MOMENTS = {
  'mongo is paused': /^POST .*\/unpause$/,
  'the front has been stopped': /^POST .*\/networks\/\w+\/disconnect$/,
  'the networks are gone': /^POST .*\/networks\/create/,
};

/** A machine on which a student's containers run, and where reports about them go. */
interface Ground {
  stack: StudentStack;
  place: Workspace;
}

/** How many rows are tried at a time, each on a machine of its own: most of it is waiting. */
const GROUNDS = 2;

const outcomes = new Map(Object.keys(DISTURBED).map((name) => [name, Promise.withResolvers<Disturbed>()]));
for (const { promise } of outcomes.values()) promise.catch(() => undefined); // its test sees it

let tried: Promise<unknown>;

beforeAll(() => {
  const rows = (Object.keys(ROWS) as DisturbedName[]).values();
  tried = Promise.all(Array.from({ length: GROUNDS }, () => tryRows(rows)));
  tried.catch((error: unknown) => {
    for (const { reject } of outcomes.values()) reject(error); // there is no machine
  });
});
afterAll(async () => {
  await tried.catch(() => undefined); // the tests see it
  const settled = await Promise.allSettled(
    [...outcomes].map(async ([name, { promise }]) => [name, await promise] as const),
  );
  const seen = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  console.log(disturbedTable(new Map(seen) as Map<DisturbedName, Disturbed>).join('\n'));
});

test.each(Object.keys(DISTURBED) as DisturbedName[])('%s', async (name) => {
  expect(await outcomes.get(name)!.promise).toEqual(DISTURBED[name].expected);
});

async function tryRows(rows: Iterable<DisturbedName>): Promise<void> {
  using place = workspace();
  await using stack = await StudentStack.boot();
  for (const name of rows) {
    const { resolve, reject } = outcomes.get(name)!;
    await ROWS[name]({ stack, place }).then(resolve, reject);
  }
}

const LIVE = ['--live', '--lab', LAB, '--student', 'frida'];

interface Way {
  args: string[];
  env: Record<string, string>;
}

function locally({ stack }: Ground, url = `unix://${stack.socketPath}`): Way {
  return { args: ['--host', 'local'], env: { DOCKER_HOST: url } };
}

function overSsh({ stack }: Ground): Way {
  const { address, home } = stack.machine;
  return { args: ['--host', `ssh://student@${address}`], env: { HOME: home, SSH_AUTH_SOCK: '' } };
}

function disturb({ place }: Ground, { args, env }: Way, out = place.out): RunningGrader {
  return startGrading([...args, ...LIVE, '--allow-disturb', '--out', out], env);
}

/**
 * Ends a run in the middle.
 *
 * @param end Called when the experiment has come so far; its next change waits until this has been done.
 */
async function endedWhile(
  ground: Ground,
  moment: keyof typeof MOMENTS,
  end: (grader: RunningGrader) => unknown,
): Promise<RunningGrader> {
  let isReached = false;
  const reached = Promise.withResolvers<undefined>();
  const done = Promise.withResolvers<undefined>();
  const hold = async (method: string, url: string): Promise<void> => {
    if (isReached || !MOMENTS[moment].test(`${method} ${url.replace(/\?.*/, '')}`)) return;
    isReached = true;
    reached.resolve(undefined);
    await done.promise;
    // Whether the engine would still get it depends on whether the door has noticed that nobody waits for an answer.
    if (grader.process.signalCode === 'SIGKILL') throw new Error('whoever asked has been killed');
  };
  await using door = await openDoor(hold, ground.stack.socketPath);
  const grader: RunningGrader = disturb(ground, locally(ground, door.url));
  const early = await Promise.race([reached.promise, grader.ended]);
  if (early !== undefined) throw new Error(`it ended before ${moment}: ${early.stderr}`);
  await end(grader);
  done.resolve(undefined);
  await grader.ended;
  return grader;
}

/** The next start, by somebody who has no terminal. */
async function nextGrading({ place }: Ground, { args, env }: Way): Promise<string> {
  const command = [...args, ...LIVE, '--out', place.out];
  const next = await grade(command, env);
  if (next.exitCode === 0) return 'grades';
  if (next.exitCode !== 2 || !next.stderr.includes('Add --restore')) return next.stderr;
  const again = await grade([...command, '--restore'], env);
  return again.exitCode === 0 ? 'offers to put it back, does so with `--restore`, and grades' : again.stderr;
}

/** @returns what came of it. */
async function outcomeOf(
  ground: Ground,
  name: DisturbedName,
  grader: RunningGrader,
  next: () => Promise<string> = () => nextGrading(ground, locally(ground)),
): Promise<Disturbed> {
  const { exitCode, stdout, stderr } = await grader.ended;
  const { says } = DISTURBED[name].expected;
  const said = `${stdout}\n${stderr}`;
  return {
    exit: grader.process.signalCode ?? String(exitCode),
    says: said.includes(says) ? says : said,
    then: await ground.stack.isNow(),
    next: await next(),
    after: await ground.stack.isNow(),
  };
}

const ROWS: Record<DisturbedName, (ground: Ground) => Promise<Disturbed>> = {
  nothing: (ground) => outcomeOf(ground, 'nothing', disturb(ground, locally(ground))),
  interrupted: (ground) => signalled(ground, 'interrupted', 'mongo is paused', 'SIGINT'),
  terminated: (ground) => signalled(ground, 'terminated', 'the networks are gone', 'SIGTERM'),
  terminalGone: async (ground) => {
    const grader = await endedWhile(ground, 'the front has been stopped', ({ process }) => {
      process.stdout?.destroy();
      process.stderr?.destroy();
      process.kill('SIGHUP');
    });
    return outcomeOf(ground, 'terminalGone', grader);
  },
  refused,
  killed: async (ground) => outcomeOf(ground, 'killed', await endedWhile(ground, 'the networks are gone', kill)),
  killedBeforeSelfTest: async (ground) => {
    const grader = await endedWhile(ground, 'mongo is paused', kill);
    return outcomeOf(ground, 'killedBeforeSelfTest', grader, () => selfTestInTerminal(ground));
  },
  dropped: async (ground) => {
    const dropped = dropWhilePaused(ground, '--uid student sshd');
    const grader = disturb(ground, overSsh(ground));
    const outcome = await outcomeOf(ground, 'dropped', grader, () => nextGrading(ground, overSsh(ground)));
    await dropped;
    return outcome;
  },
  droppedForGood: async (ground) => {
    const dropped = dropWhilePaused(ground, 'sshd');
    const outcome = await outcomeOf(ground, 'droppedForGood', disturb(ground, overSsh(ground)), async () => {
      await ground.stack.machine.root('/usr/sbin/sshd');
      return nextGrading(ground, overSsh(ground));
    });
    await dropped;
    return outcome;
  },
  secondRun,
};

async function signalled(
  ground: Ground,
  name: DisturbedName,
  moment: keyof typeof MOMENTS,
  signal: NodeJS.Signals,
): Promise<Disturbed> {
  const grader = await endedWhile(ground, moment, ({ process }) => {
    process.kill(signal);
    process.kill(signal); // once from the terminal, once from npm
  });
  return outcomeOf(ground, name, grader);
}

async function refused(ground: Ground): Promise<Disturbed> {
  let isRefused = false;
  await using door = await openDoor((method, url) => {
    if (isRefused || !MOMENTS['the networks are gone'].test(`${method} ${url.replace(/\?.*/, '')}`))
      return Promise.resolve();
    isRefused = true;
    return Promise.reject(new Error('refused by the test'));
  }, ground.stack.socketPath);
  return await outcomeOf(ground, 'refused', disturb(ground, locally(ground, door.url)));
}

async function kill(grader: RunningGrader): Promise<void> {
  grader.process.kill('SIGKILL');
  await grader.ended;
}

async function selfTestInTerminal(ground: Ground): Promise<string> {
  const command = [...commandOf('self-test'), '--lab', LAB].map((word) => `'${word}'`).join(' ');
  const { env } = locally(ground);
  using watching = new Started(['script', '--quiet', '--return', '--command', command, '/dev/null'], env);
  const asked = await watching.writes('Put it back now? [Y/n]');
  watching.process.stdin?.write('\n');
  const put = await watching.writes('is again as it was before that run', asked);
  await watching.writes('82/82', put);
  return 'asks in the terminal, puts it back after Enter, and watches';
}

/** Waits there until something is paused, then kills these processes. */
function dropWhilePaused({ stack }: Ground, which: string): Promise<string> {
  return stack.machine.root(
    `docker events --filter event=pause | { head --lines 1; pkill ${which}; pkill --full '^docker events'; }`,
  );
}

/** A second run, which wants to disturb the same machine, ends at once. */
async function secondRun(ground: Ground): Promise<Disturbed> {
  using elsewhere = workspace();
  let second: RunningGrader | undefined;
  const first = await endedWhile(ground, 'mongo is paused', async () => {
    second = disturb(ground, locally(ground), elsewhere.out);
    await second.ended;
  });
  await first.ended;
  return await outcomeOf(ground, 'secondRun', second!);
}
