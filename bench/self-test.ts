/**
 * How long self-test takes to settle after something was done to a running stack: until every rule of the lab has its final
 * verdict and none is being checked any more.
 */
import type Docker from 'dockerode';
import { until } from '../helpers/base/wait.ts';
import { parseOptions } from '../helpers/cli/options.ts';
import { Judge } from '../helpers/judge/judge.ts';
import { loadCatalogue } from '../helpers/lab/catalogue.ts';
import { ensureEngine } from '../helpers/machine/setup/engine.ts';
import { wantedBy } from '../helpers/run/grade-lab.ts';
import { openHosts } from '../helpers/run/hosts.ts';
import { isSettled, type RuleState, type WatchState } from '../helpers/run/watch/state.ts';
import { watch } from '../helpers/run/watch/watch.ts';
import { liveDeployment } from '../helpers/submission/deployment.ts';
import { readSubmission } from '../helpers/submission/submission.ts';
import { goal, heading, line, load, median, seconds } from './lib/figures.ts';
import { benchOptions } from './lib/options.ts';
import { OwnStack } from './lib/own-stack.ts';

/** For so long nothing new may be shown before a state counts as final: longer than self-test's own pauses … */
const QUIET_MS = 3_000;
/** … and before something else is done. */
const REST_MS = 500;
const SETTLED_MS = 60_000;

type What = 'stop' | 'pause' | 'disconnect' | 'connect';

interface Action {
  lab: string;
  what: What;
  role: string;
  network?: string;
  /** The rule that is looked at alone; without one, all of them. */
  rule?: string;
}

const ACTIONS: Action[] = [
  { lab: 'nginx-flask-mongo', what: 'stop', role: 'mongo' },
  { lab: 'nginx-flask-mongo', what: 'stop', role: 'nginx' },
  { lab: 'nginx-flask-mongo', what: 'pause', role: 'mongo' },
  { lab: 'nginx-flask-mongo', what: 'pause', role: 'flask-app' },
  { lab: 'nginx-flask-mongo', what: 'pause', role: 'nginx' },
  { lab: 'nginx-flask-mongo', what: 'disconnect', role: 'flask-app', network: 'private-net-1' },
  { lab: 'nginx-flask-mongo', what: 'disconnect', role: 'nginx', network: 'public-net-1' },
  connected('nginx-flask-mongo', 'nginx', 'private-net-1', 'nginx-cannot-reach-mongo'),
  { lab: 'netflix', what: 'stop', role: 'netflix-frontend' },
  { lab: 'netflix', what: 'pause', role: 'netflix-catalog' },
  { lab: 'netflix', what: 'pause', role: 'nginx' },
  { lab: 'netflix', what: 'disconnect', role: 'netflix-frontend', network: 'public-net-1' },
  connected('netflix', 'nginx', 'private-net-1', 'nginx-cannot-reach-netflix-catalog'),
  { lab: 'user-defined-bridge', what: 'stop', role: 'alpine2' },
  { lab: 'user-defined-bridge', what: 'pause', role: 'alpine3' },
  { lab: 'user-defined-bridge', what: 'disconnect', role: 'alpine4', network: 'bridge' },
  connected('user-defined-bridge', 'alpine1', 'bridge', 'alpine3-isolated'),
];

function connected(lab: string, role: string, network: string, rule: string): Action {
  return { lab, what: 'connect', role, network, rule };
}

const GOALS: Record<What, number> = { stop: 1_500, pause: 1_500, disconnect: 1_500, connect: 800 };

export async function run(): Promise<void> {
  const { rounds } = benchOptions();
  const taken = new Map<Action, number[]>(ACTIONS.map((action) => [action, []]));
  const before = load();
  for (const lab of new Set(ACTIONS.map((action) => action.lab))) {
    await using stack = new OwnStack(lab);
    await stack.up();
    const actions = ACTIONS.filter((action) => action.lab === lab);
    await watched(stack, async (docker, shown) => {
      for (let round = 0; round <= rounds; round++) {
        for (const action of actions) {
          const ms = await settling(docker, stack, action, shown);
          console.error(
            `  ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${told(action)} ${seconds(ms)}`,
          );
          if (round > 0) taken.get(action)!.push(ms);
        }
      }
    });
  }
  print(taken, `${before} before, ${load()} after`);
}

/** Everything that self-test has shown, with the time at which it did. */
type Shown = { at: number; state: WatchState }[];

/** Starts self-test on a stack, does some work beside it, and leaves it. */
async function watched(stack: OwnStack, work: (docker: Docker, shown: Shown) => Promise<void>): Promise<void> {
  const lab = (await loadCatalogue([])).get(stack.lab)!;
  const deployment = liveDeployment(await readSubmission(stack.submission), wantedBy(lab));
  if (deployment.how === 'none') throw new Error(deployment.reason);
  using judge = new Judge();
  judge.getReady(lab);
  await using hosts = await openHosts(parseOptions(['--host', 'local', '--live'])!, 1);
  const leaving = new AbortController();
  const shown: Shown = [];
  const watching = watch({
    ...{ hosts, judge, where: 'this machine' },
    watched: { labs: [{ lab, folder: stack.submission, deployment }], rest: '' },
    show: (state) => shown.push({ at: performance.now(), state }),
    leaving: leaving.signal,
  });
  try {
    const { docker } = await ensureEngine();
    const settled = settledFrom(shown, 0).then(() => work(docker, shown));
    await Promise.race([settled, watching.then(() => settled)]);
  } finally {
    leaving.abort();
    await watching.catch(() => undefined);
  }
}

/** Does something, waits until all is shown that follows from it, and undoes it. @returns milliseconds from the engine's answer. */
async function settling(docker: Docker, stack: OwnStack, action: Action, shown: Shown): Promise<number> {
  const from = shown.length;
  await act(docker, stack, action);
  const done = performance.now();
  await settledFrom(shown, from);
  const ms = (action.rule === undefined ? lastChange(shown, from) : lastChange(shown, from, action.rule)) - done;
  const undone = shown.length;
  await undo(docker, stack, action);
  await settledFrom(shown, undone, { quietMs: REST_MS, allPassed: true });
  return ms;
}

/** Waits until every rule has a verdict about what is there now, and nothing new has been shown for a while. */
async function settledFrom(
  shown: Shown,
  from: number,
  { quietMs = QUIET_MS, allPassed = false }: { quietMs?: number; allPassed?: boolean } = {},
): Promise<void> {
  const settled = await until(SETTLED_MS, () => {
    const last = shown.at(-1);
    if (last === undefined || shown.length === from || !isSettled(last.state)) return Promise.resolve(undefined);
    if (allPassed && rulesOf(last.state).some(({ status, withheld }) => status !== 'passed' && withheld !== true))
      return Promise.resolve(undefined);
    return Promise.resolve(performance.now() - lastChange(shown, from) > quietMs ? true : undefined);
  });
  if (settled === true) return;
  const rules = shown.at(-1)?.state.labs.flatMap((lab) => lab.rules) ?? [];
  throw new Error(`self-test did not settle: ${rules.map((rule) => `${rule.id} ${textOf(rule)}`).join('; ')}`);
}

/** When something else was last shown of a rule, or of any. */
function lastChange(shown: Shown, from: number, rule?: string): number {
  const since = shown.slice(Math.max(from - 1, 0));
  const seen = since.map(({ at, state }) => ({
    at,
    text: rulesOf(state)
      .filter(({ id }) => rule === undefined || id === rule)
      .map(textOf)
      .join('\n'),
  }));
  return seen.filter(({ text }, i) => text !== seen[i - 1]?.text).at(-1)?.at ?? NaN;
}

function rulesOf({ labs }: WatchState): RuleState[] {
  return labs.flatMap(({ rules }) => rules);
}

function textOf({ status, checking, actual }: RuleState): string {
  return `${status}${checking ? '…' : ''} ${actual}`;
}

async function act(docker: Docker, stack: OwnStack, action: Action): Promise<void> {
  const container = docker.getContainer(stack.container(action.role));
  if (action.what === 'stop') await container.stop({ t: 1 });
  else if (action.what === 'pause') await container.pause();
  else await join(docker, stack, action, action.what === 'connect');
}

async function undo(docker: Docker, stack: OwnStack, action: Action): Promise<void> {
  const container = docker.getContainer(stack.container(action.role));
  if (action.what === 'stop') await container.start();
  else if (action.what === 'pause') await container.unpause();
  else await join(docker, stack, action, action.what === 'disconnect');
}

async function join(docker: Docker, stack: OwnStack, { role, network }: Action, on: boolean): Promise<void> {
  const it = docker.getNetwork(stack.network(network!));
  const Container = stack.container(role);
  // As Compose does, its service's name is an alias; on the engine's own network nobody has one.
  const EndpointConfig = network === 'bridge' ? {} : { Aliases: [role] };
  await (on ? it.connect({ Container, EndpointConfig }) : it.disconnect({ Container }));
}

function told({ lab, what, role, network, rule }: Action): string {
  return `${lab}: ${what} ${role}${network === undefined ? '' : ` ${network}`}${rule === undefined ? '' : `, ${rule}`}`;
}

function print(taken: Map<Action, number[]>, busy: string): void {
  heading(
    `Self-test: from the engine’s answer until every rule has settled, or the one that is named (medians; ${busy})`,
  );
  for (const [action, list] of taken)
    line(told(action), seconds(median(list)), list.map((ms) => (ms / 1000).toFixed(2)).join(' '));
  heading('Goals (the slowest)');
  for (const what of ['stop', 'pause', 'disconnect', 'connect'] as const) {
    const slowest = Math.max(...[...taken].filter(([action]) => action.what === what).map(([, list]) => median(list)));
    goal(what, seconds(slowest), `< ${seconds(GOALS[what])}`, slowest < GOALS[what]);
  }
}
