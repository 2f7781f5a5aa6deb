/**
 * Broken machines: what was graded stays graded, nobody loses a point, nothing is left behind, nothing else is touched.
 * What comes of which fault stands in tests/helpers/faults/faults.ts; a table of what was seen is printed at the end.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openDoor } from '../helpers/engine-door.ts';
import { docker, labHostAtWork, labHostsOf } from '../helpers/engine.ts';
import { FAULTS, type FaultName, type Outcome } from '../helpers/faults/faults.ts';
import { observeAll } from '../helpers/faults/observe.ts';
import { fill, Outcomes, type Cause } from '../helpers/faults/outcome.ts';
import { judgeOf } from '../helpers/faults/processes.ts';
import { NoMemory } from '../helpers/faults/no-memory.ts';
import { inLabHost, Scene, SCRIPT } from '../helpers/faults/scene.ts';
import { SmallDisk } from '../helpers/faults/small-disk.ts';
import { startRegistry, type Misconduct } from '../helpers/registry.ts';
import { until } from '../../helpers/base/wait.ts';

jest.setTimeout(240_000);
const AT_WORK_MS = 60_000;
const JUDGED_MS = 30_000;
const DAY_MS = 24 * 3_600_000;

type RegistryFault = Extract<FaultName, `registry${string}`>;
const REGISTRIES = new Map<RegistryFault, Misconduct>([
  ['registryHangs', 'hangs'],
  ['registryHalfSends', 'half-sends'],
  ['registryLimits', 'limits'],
  ['registryAway', 'is-away'],
  ['registryResets', 'resets'],
  ['registryWrong', 'sends-something-else'],
]);

let outcomes: Outcomes;
let hanging: Promise<Outcome>;
let registries: Promise<Map<RegistryFault, Outcome>>;

beforeAll(async () => {
  outcomes = await Outcomes.begin();
  hanging = hangingEngine();
  hanging.catch(() => undefined); // its test sees it
  registries = brokenRegistries();
  registries.catch(() => undefined);
});
afterAll(async () => {
  await Promise.allSettled([hanging, registries]);
  await outcomes[Symbol.asyncDispose]();
});

test('the grader is killed', async () => {
  const outcome = await outcomes.of('grader', ({ grader }) => {
    grader.process.kill('SIGKILL');
  });
  expect(outcome).toEqual(FAULTS.grader.expected);
});

test('the grader is out of memory', async () => {
  using memory = new NoMemory();
  const outcome = await outcomes.of('graderMemory', async ({ scene, grader, host }) => {
    memory.for(grader.process.pid!);
    await scene.letGo(host);
  });
  expect(outcome).toEqual(FAULTS.graderMemory.expected);
});

test('the judge process is killed while it judges', async () => {
  expect(await outcomes.of('judge', lostJudge)).toEqual(FAULTS.judge.expected);
});

test('so is the one that replaces it', async () => {
  const outcome = await outcomes.of('judgeTwice', async (at) => {
    const first = await lostJudge(at);
    process.kill(await judgeOf(at.grader.process.pid, first), 'SIGKILL');
  });
  expect(outcome).toEqual(FAULTS.judgeTwice.expected);
});

/** Stopped first, so that it has begun and not ended when it is killed. */
async function lostJudge({ scene, grader, host }: Parameters<Cause>[0]): Promise<number> {
  const judge = await judgeOf(grader.process.pid);
  process.kill(judge, 'SIGSTOP');
  await scene.letGo(host);
  // A lab host is given back when all is seen; then it is judged.
  const asked = await until(JUDGED_MS, async () =>
    (await labHostsOf(grader.process.pid)).includes(host) ? undefined : true,
  );
  expect(asked).toBe(true);
  process.kill(judge, 'SIGKILL');
  return judge;
}

test('a lab host dies', async () => {
  const outcome = await outcomes.of('labHost', ({ host }) => docker.getContainer(host).kill());
  expect(outcome).toEqual(FAULTS.labHost.expected);
});

test('a lab host’s engine is killed', async () => {
  const outcome = await outcomes.of('labHostEngine', ({ host }) =>
    inLabHost(host, 'kill -9 $(cat /var/run/docker.pid)'),
  );
  expect(outcome).toEqual(FAULTS.labHostEngine.expected);
});

test('the grading host’s engine dies', async () => {
  await using door = await openDoor(() => Promise.resolve());
  const outcome = await outcomes.of('engine', door.cut, { env: { DOCKER_HOST: door.url } });
  expect(outcome).toEqual(FAULTS.engine.expected);
});

test('the disk for temporary files is full', async () => {
  using disk = new SmallDisk('8m');
  const setting = { env: { TMPDIR: disk.folder }, mend: disk.free.bind(disk) };
  expect(await outcomes.of('temporaryDisk', fill(disk), setting)).toEqual(FAULTS.temporaryDisk.expected);
});

test('containers of a submission end while it is looked at', async () => {
  using scene = new Scene();
  const loop = 'while docker run --rm busybox true; do :; done >/dev/null 2>&1 &\n';
  scene.handIn('bert', `${SCRIPT}${loop.repeat(2)}`, { hold: '' });
  const outcome = await outcomes.of('containersEnd', ({ host }) => scene.letGo(host), { scene });
  expect(outcome).toEqual(FAULTS.containersEnd.expected);
});

test.each([
  ['clockForwards', DAY_MS],
  ['clockBackwards', -DAY_MS],
] as const)('%s', async (name, ms) => {
  const scene = new Scene();
  const file = path.join(scene.place.submissions, '..', 'now');
  const env = {
    NODE_OPTIONS: `--import ${path.resolve('tests/helpers/faults/clock.ts')}`,
    NETGRADE_TEST_JUMP_MS: String(ms),
    NETGRADE_TEST_JUMP_AT: file,
  };
  let lab: ReturnType<Scene['lab']>;
  const jump: Cause = async ({ grader, host }) => {
    writeFileSync(file, '');
    await scene.letGo(host);
    await grader.ended;
    lab = scene.lab('bert');
  };
  expect(await outcomes.of(name, jump, { scene, env })).toEqual(FAULTS[name].expected);
  const durations = [lab?.durationMs, ...Object.values(lab?.timings ?? {})];
  expect(durations.filter((each) => each === undefined || each < 0 || each > DAY_MS / 24)).toEqual([]);
});

test('the grading host’s engine hangs', async () => {
  expect(await hanging).toEqual(FAULTS.engineHangs.expected);
});

/** It takes a minute until nobody waits for it any more: the other tests pass meanwhile. */
async function hangingEngine(): Promise<Outcome> {
  await using door = await openDoor(() => Promise.resolve());
  return await outcomes.of('engineHangs', door.hang, { env: { DOCKER_HOST: door.url } });
}

test.each([...REGISTRIES.keys()])('%s', async (name) => {
  expect((await registries).get(name)).toEqual(FAULTS[name].expected);
});

/** All in one run: one that sends nothing is waited for for two minutes. */
async function brokenRegistries(): Promise<Map<RegistryFault, Outcome>> {
  const broken = new Map([...REGISTRIES].map(([name, how]) => [imageFor(name), how]));
  await using registry = await startRegistry('netgrade-test-good', { broken });
  using scene = new Scene({ students: ['anna', 'carl'] });
  for (const name of REGISTRIES.keys()) {
    const script = `docker run -d --network none --name isolated ${imageFor(name)}:1\n`;
    scene.handIn(name, script, { 'submission.yaml': 'timeout: 10\n' });
  }
  const more = ['--registry-mirror', registry.url, '--jobs', String(REGISTRIES.size)];
  const grader = scene.start({}, ...more);
  const run = await grader.ended;
  broken.clear();
  const faults = [...REGISTRIES.keys()].map((name) => ({ fault: FAULTS[name], bert: name }));
  const at = { scene, grader, run, before: scene.text('anna'), strangers: outcomes.strangers, more };
  const seen = await observeAll(faults, at);
  const byName = new Map([...REGISTRIES.keys()].map((name, i) => [name, seen[i]!]));
  for (const [name, outcome] of byName) outcomes.note(name, outcome);
  return byName;
}

function imageFor(name: RegistryFault): string {
  return `netgrade-test-${name.toLowerCase()}`;
}

test('Ctrl-C removes the lab hosts before it ends', async () => {
  using scene = new Scene();
  const grader = scene.start();
  await labHostAtWork(grader.process.pid, AT_WORK_MS);
  grader.process.kill('SIGINT');
  expect((await grader.ended).exitCode).toBe(130);
  expect(await labHostsOf(grader.process.pid)).toEqual([]);
});
