/**
 * Experiment: gives every network another subnet, and so every container another address, and starts the stack again.
 *
 * The stack is first restarted fast. Success is then conclusive. Failure is not, because a container may have started
 * before one that it needs: so everything is stopped again and restarted slowly.
 */
import { orGone } from '../base/docker/gone.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { until } from '../base/wait.ts';
import type { NewAddresses, RepeatedRequest, Sample } from './experiment-facts.ts';
import type { ContainerFacts, OutsidePort, RoleFinding, SandboxFacts } from './facts.ts';
import { inspectAll, type Inventory } from './inspect.ts';
import type { Application } from '../lab/survey-plan.ts';
import { renumber } from './renumber.ts';
import { sample, urlAt, type Entrance } from './requests.ts';
import { playersOf } from './roles.ts';
import { commonKind, isOfKind } from './samples.ts';
import { restartable, STOP_SECONDS, startAll, stopAll } from './restart.ts';
import { isAlive, openPorts } from './subjects.ts';

/** When everything serves again, a request has to work within this time, in which drivers reconnect. */
const WORKING_MS = 8_000;
/** The same after the fast restart. Most stacks need a tenth of it; the others are restarted slowly. */
const HASTE_MS = 2_000;
const ANSWER_MS = 2_000;

/** A request that worked before. */
export interface Known {
  entrance: Entrance;
  before: Sample[];
}

export async function moveEverything(
  host: LabHost,
  { startOrder, databases }: Application,
  found: {
    inventory: Inventory;
    roles: Record<string, RoleFinding>;
    sandboxes: Record<string, SandboxFacts>;
    requests: Known[];
  },
): Promise<NewAddresses> {
  const { inventory, roles, sandboxes, requests } = found;
  const namesOf = (role: string): string[] => playersOf(roles[role], inventory.containers).map(({ name }) => name);
  const graceful = databases.flatMap(({ role }) => namesOf(role));
  const running = inOrder(inventory.containers.filter(isAlive), startOrder.map(namesOf));
  let stack = await restartable(host, running, graceful);
  await stopAll(host, stack);
  const attached = new Set(running.flatMap(({ attachments }) => attachments.map(({ networkId }) => networkId)));
  const renumbered = inventory.networks.filter(
    ({ id, driver, predefined }) => driver === 'bridge' && !predefined && attached.has(id),
  );
  // A paused container is on its networks meanwhile: it leaves and joins them one after another.
  const isPaused = stack.some(({ asRun }) => asRun !== undefined);
  const placeholders = await (isPaused ? inTurn : atOnce)(renumbered, (network) => renumber(host, network, running));
  const served = ({ name }: ContainerFacts): boolean => openPorts(sandboxes[name]?.listeners ?? []).length > 0;
  const restarted = async (waitFor: (container: ContainerFacts) => boolean, limitMs: number): Promise<NewAddresses> => {
    const started = await startAll(host, stack, waitFor);
    stack = started.stack;
    const now = (await inspectAll(host.docker)).containers;
    const repeated = await Promise.all(requests.map((request) => repeat(host, request, now, limitMs)));
    return { moved: movesBetween(running, now), notStarted: started.notStarted, requests: repeated };
  };
  let facts = await restarted(() => false, HASTE_MS);
  if (!facts.requests.every(works)) {
    await stopAll(host, stack);
    facts = await restarted(served, WORKING_MS);
  }
  await Promise.all(placeholders.flat().map((each) => orGone(() => each.remove({ force: true }))));
  return facts;
}

function atOnce<A, B>(each: A[], work: (one: A) => Promise<B>): Promise<B[]> {
  return Promise.all(each.map(work));
}

async function inTurn<A, B>(each: A[], work: (one: A) => Promise<B>): Promise<B[]> {
  const done: B[] = [];
  for (const one of each) done.push(await work(one));
  return done;
}

/** What the experiments restart, in the order in which it starts again. */
export function restartsOf(
  { startOrder, databases }: Application,
  { containers, roles }: { containers: ContainerFacts[]; roles: Record<string, RoleFinding> },
): { id: string; stopSeconds: number }[] {
  const namesOf = (role: string): string[] => playersOf(roles[role], containers).map(({ name }) => name);
  const graceful = databases.flatMap(({ role }) => namesOf(role));
  const running = inOrder(containers.filter(isAlive), startOrder.map(namesOf));
  return running.map(({ id, name }) => ({ id, stopSeconds: graceful.includes(name) ? STOP_SECONDS : 0 }));
}

/** Repeats a request until an answer of the same kind as before comes, or the deadline passes. */
async function repeat(
  host: LabHost,
  { entrance, before }: Known,
  now: ContainerFacts[],
  limitMs: number,
): Promise<RepeatedRequest> {
  const moved = { ...entrance, port: portNow(entrance.port, now) };
  const asked: RepeatedRequest = { front: entrance.front, url: urlAt(moved), before, answers: [] };
  await until(limitMs, async () => {
    asked.answers = [...asked.answers.slice(-2), await sample(host, moved, ANSWER_MS)];
    return works(asked) ? true : undefined;
  });
  return asked;
}

/** Whether the last answer is of the same kind as before. */
function works({ before, answers }: RepeatedRequest): boolean {
  const kind = commonKind(before);
  const last = answers.at(-1);
  return kind !== undefined && last !== undefined && isOfKind(last, kind);
}

/**
 * The order of starting: the first role of `order`, then containers without a role (a cache, an init container), then
 * the other roles. A container that shares a sandbox comes after the sandbox's owner.
 */
function inOrder(containers: ContainerFacts[], order: string[][]): ContainerFacts[] {
  const placeOf = (container: string): number => order.findIndex((names) => names.includes(container));
  const rank = ({ name, sandboxOf }: ContainerFacts): number => {
    const own = placeOf(name);
    const base = own === 0 ? 0 : own > 0 ? own + 1 : 1;
    const owner = sandboxOf === name ? -1 : placeOf(sandboxOf);
    return owner >= 0 ? Math.max(base, owner + 1.5) : base;
  };
  return [...containers].sort((a, b) => rank(a) - rank(b));
}

/** The host's port after a restart: Docker chooses another one if the student named none. */
function portNow(port: OutsidePort, containers: ContainerFacts[]): OutsidePort {
  const { mapping } = port;
  const now = containers
    .find(({ name }) => name === port.container)
    ?.published.find(
      (each) => each.containerPort === mapping?.containerPort && each.hostAddress === mapping.hostAddress,
    );
  return now === undefined || now.hostPort === 0 ? port : { ...port, port: now.hostPort };
}

function movesBetween(before: ContainerFacts[], after: ContainerFacts[]): NewAddresses['moved'] {
  return before.flatMap((container) =>
    container.attachments.map(({ network, addresses }) => {
      const now = after
        .find(({ name }) => name === container.name)
        ?.attachments.find((each) => each.network === network);
      return { container: container.name, network, before: addresses[0] ?? '', after: now?.addresses[0] ?? '' };
    }),
  );
}
