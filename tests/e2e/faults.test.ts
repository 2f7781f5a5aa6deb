/**
 * Broken machines: what was graded stays graded, nobody loses a point, nothing is left behind, nothing else is touched.
 * What comes of which fault stands in tests/helpers/faults/faults.ts; a table of what was seen is printed at the end.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { openDoor } from '../helpers/engine-door.ts';
import { docker, labHostAtWork, labHostsOf } from '../helpers/engine.ts';
import type { RunningGrader } from '../helpers/grade.ts';
import { FAULTS, type FaultName, type Outcome } from '../helpers/faults/faults.ts';
import { faultTable } from '../helpers/faults/matrix.ts';
import { observe, observeAll } from '../helpers/faults/observe.ts';
import { judgeOf } from '../helpers/faults/processes.ts';
import { MachineInUse } from '../helpers/faults/in-use.ts';
import { NoMemory } from '../helpers/faults/no-memory.ts';
import { inLabHost, Scene, SCRIPT } from '../helpers/faults/scene.ts';
import { SmallDisk } from '../helpers/faults/small-disk.ts';
import { strangers, type Strangers } from '../helpers/faults/strangers.ts';
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

let others: Strangers;
let hanging: Promise<Outcome>;
let registries: Promise<Map<RegistryFault, Outcome>>;
const seen = new Map<FaultName, Outcome>();

beforeAll(async () => {
  others = await strangers();
  hanging = hangingEngine();
  hanging.catch(() => undefined); // its test sees it
  registries = brokenRegistries();
  registries.catch(() => undefined);
});
afterAll(async () => {
  await Promise.allSettled([hanging, registries]);
  await others[Symbol.asyncDispose]();
  console.log(faultTable(seen).join('\n'));
});

/** The fault itself, in the middle of bert's lab. */
type Cause = (at: { scene: Scene; grader: RunningGrader; host: string }) => unknown;

interface Setting {
  scene?: Scene;
  env?: Record<string, string>;
  /** Ends the fault, after the run. */
  mend?: () => void;
}

/** @returns what came of it, for the table, too. */
async function outcomeOf(name: FaultName, cause: Cause, setting: Setting = {}): Promise<Outcome> {
  const { env = {}, mend } = setting;
  using scene = setting.scene ?? new Scene();
  const grader = scene.start(env);
  const host = await scene.held(grader);
  const before = scene.text('anna');
  await cause({ scene, grader, host });
  const run = await grader.ended;
  mend?.();
  const outcome = await observe(FAULTS[name], { scene, grader, run, before, strangers: others });
  seen.set(name, outcome);
  return outcome;
}

test('the grader is killed', async () => {
  const outcome = await outcomeOf('grader', ({ grader }) => {
    grader.process.kill('SIGKILL');
  });
  expect(outcome).toEqual(FAULTS.grader.expected);
});

test('the grader is out of memory', async () => {
  using memory = new NoMemory();
  const outcome = await outcomeOf('graderMemory', async ({ scene, grader, host }) => {
    memory.for(grader.process.pid!);
    await scene.letGo(host);
  });
  expect(outcome).toEqual(FAULTS.graderMemory.expected);
});

test('the judge process is killed while it judges', async () => {
  expect(await outcomeOf('judge', lostJudge)).toEqual(FAULTS.judge.expected);
});

test('so is the one that replaces it', async () => {
  const outcome = await outcomeOf('judgeTwice', async (at) => {
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
  const outcome = await outcomeOf('labHost', ({ host }) => docker.getContainer(host).kill());
  expect(outcome).toEqual(FAULTS.labHost.expected);
});

test('a lab host’s engine is killed', async () => {
  const outcome = await outcomeOf('labHostEngine', ({ host }) => inLabHost(host, 'kill -9 $(cat /var/run/docker.pid)'));
  expect(outcome).toEqual(FAULTS.labHostEngine.expected);
});

test('the grading host’s engine dies', async () => {
  await using door = await openDoor(() => Promise.resolve());
  const outcome = await outcomeOf('engine', door.cut, { env: { DOCKER_HOST: door.url } });
  expect(outcome).toEqual(FAULTS.engine.expected);
});

test('the disk of the reports is full', async () => {
  using disk = new SmallDisk('256k');
  const scene = new Scene({ out: path.join(disk.folder, 'reports') });
  const outcome = await outcomeOf('reportsDisk', fill(disk), { scene, mend: disk.free.bind(disk) });
  expect(outcome).toEqual(FAULTS.reportsDisk.expected);
});

test('the disk for temporary files is full', async () => {
  using disk = new SmallDisk('8m');
  const setting = { env: { TMPDIR: disk.folder }, mend: disk.free.bind(disk) };
  expect(await outcomeOf('temporaryDisk', fill(disk), setting)).toEqual(FAULTS.temporaryDisk.expected);
});

function fill(disk: SmallDisk): Cause {
  return async ({ scene, host }) => {
    disk.fill();
    await scene.letGo(host);
  };
}

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
  expect(await outcomeOf(name, jump, { scene, env })).toEqual(FAULTS[name].expected);
  const durations = [lab?.durationMs, ...Object.values(lab?.timings ?? {})];
  expect(durations.filter((each) => each === undefined || each < 0 || each > DAY_MS / 24)).toEqual([]);
});

test('the grading host’s engine hangs', async () => {
  expect(await hanging).toEqual(FAULTS.engineHangs.expected);
});

/** It takes a minute until nobody waits for it any more: the other tests pass meanwhile. */
async function hangingEngine(): Promise<Outcome> {
  await using door = await openDoor(() => Promise.resolve());
  return await outcomeOf('engineHangs', door.hang, { env: { DOCKER_HOST: door.url } });
}

test('a machine in use: its engine is killed, its address pools are used up', async () => {
  await using machine = await MachineInUse.boot();
  const { laptop } = machine;
  const killed = await machine.outcomeOf(SCRIPT, async () => {
    await laptop.root('kill -9 $(cat /var/run/docker.pid)');
    await machine.letGo();
  });
  note('engineInUse', killed);
  // The engine that was started again has pools of a size that does not take long.
  const useUp = 'n=0; while docker network create used-$n; do n=$((n + 1)); done';
  const giveBack = 'docker network ls --format "{{.Name}}" | grep ^used- | xargs docker network rm';
  const pools = await machine.outcomeOf(
    `${SCRIPT}docker network create mine\n`,
    async () => {
      await laptop.root(useUp);
      await machine.letGo();
    },
    () => laptop.root(giveBack),
  );
  note('poolsInUse', pools);
  expect([seen.get('engineInUse'), seen.get('poolsInUse')]).toEqual([
    FAULTS.engineInUse.expected,
    FAULTS.poolsInUse.expected,
  ]);
});

/** Says no more than what is expected, if that was said. */
function note(name: FaultName, outcome: Outcome): void {
  const { says } = FAULTS[name].expected;
  seen.set(name, outcome.says.includes(says) ? { ...outcome, says } : outcome);
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
  const at = { scene, grader, run, before: scene.text('anna'), strangers: others, more };
  const outcomes = await observeAll(faults, at);
  const byName = new Map([...REGISTRIES.keys()].map((name, i) => [name, outcomes[i]!]));
  for (const [name, outcome] of byName) seen.set(name, outcome);
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
