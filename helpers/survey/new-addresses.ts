/**
 * Experiment: gives every network another subnet, and so every container another address, and repeats the requests.
 *
 * Most containers go on running meanwhile: whoever asks Docker's DNS at each request has the new address at once. A proxy may
 * have asked only when it started, so the fronts are started again. Success is then conclusive. Failure is not: others may have
 * asked at their start, too, or may not have got over the move. So everything is stopped then, and started again in order.
 */
import type Docker from 'dockerode';
import { orGone } from '../base/docker/gone.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { NewAddresses } from './experiment-facts.ts';
import type { ContainerFacts, NetworkFacts, RoleFinding, SandboxFacts } from './facts.ts';
import { inspectAll, type Inventory } from './inspect.ts';
import type { Application } from '../lab/survey-plan.ts';
import { isMadeBridge, renumber } from './renumber.ts';
import { repeat, works, type Known, type Patience } from './repeat.ts';
import { playersOf } from './roles.ts';
import { STOP_SECONDS, Stack } from './restart.ts';
import { askIn } from './sandboxes.ts';
import { addressesOf, isAlive, openPorts, usesHostSandbox } from './subjects.ts';

/** When everything serves again, a request has to work within this time, in which drivers reconnect. */
const THOROUGH: Patience = { limitMs: 8_000, answerMs: 2_000 };
/** The same when not all have been started again. Most stacks need a tenth of it. */
const QUICK_MS = 2_000;
/** While others go on running, an answer that takes much longer than before does not come. */
const SHORTEST_ANSWER_MS = 1_000;
const MUCH_LONGER = 5;

type Choice = (container: ContainerFacts) => boolean;

interface Step {
  /** Who is stopped, and started again. */
  restarts: Choice;
  /** What is done before they are started again. It is given the end of their stopping. */
  meanwhile?: (stopped: Promise<void>) => Promise<void>;
  /** Whether to wait until a container serves before those that need it are started. */
  waitFor: Choice;
  patience: Patience;
}

/** What is known of a stack. */
interface Found {
  inventory: Inventory;
  roles: Record<string, RoleFinding>;
  sandboxes: Record<string, SandboxFacts>;
  requests: Known[];
  /** Names of containers that were seen asking Docker's DNS during a request, for what they connected to then. */
  seenAsking?: ReadonlySet<string>;
}

export async function moveEverything(
  host: LabHost,
  application: Application,
  { inventory, roles, sandboxes, requests, seenAsking = new Set() }: Found,
): Promise<NewAddresses> {
  const { ranked, graceful } = startOf(application, { containers: inventory.containers, roles });
  const running = ranked.flat();
  const stack = await Stack.of(host, ranked, graceful);
  const placeholders: Docker.Container[] = [];
  const serves: Choice = ({ name }) => openPorts(sandboxes[name]?.listeners ?? []).length > 0;
  const fronts = requests.map(({ entrance }) => entrance.front).filter((name) => !seenAsking.has(name));
  const knowing = running.filter((each) => knowsAddresses(sandboxes[each.name]?.hosts ?? '', each, running));
  const slowest = Math.max(...requests.flatMap(({ before }) => before.map(({ ms }) => ms)));
  const restarts = canGoOn(inventory, running)
    ? withGuests([...fronts, ...knowing.map(({ name }) => name)])
    : () => true;
  const quick: Step = {
    restarts,
    meanwhile: async (stopped) => {
      for (const network of movable(inventory, running, restarts)) {
        // Only who goes on running is on the first ones: they are made anew while the others stop.
        if (isOn(network, running.filter(restarts))) await stopped;
        placeholders.push(...(await renumber(host, network, running)));
      }
      await stopped;
      await endConnections(
        host,
        running.filter((each) => !restarts(each)),
        running.flatMap(addressesOf),
      );
    },
    waitFor: () => false,
    patience: { limitMs: QUICK_MS, answerMs: Math.max(SHORTEST_ANSWER_MS, MUCH_LONGER * slowest) },
  };
  const thorough: Step = { restarts: () => true, waitFor: serves, patience: THOROUGH };
  const restarted = new Set<string>();
  const take = async ({ restarts, meanwhile, waitFor, patience }: Step): Promise<NewAddresses> => {
    for (const each of running.filter(restarts)) restarted.add(each.name);
    const stopped = stack.stop(restarts);
    // If one fails, the other is awaited nevertheless: what is put back afterwards must not be changed any more then.
    const renumbered = meanwhile?.(stopped);
    await Promise.allSettled([stopped, renumbered]);
    await stopped;
    await renumbered;
    const notStarted = await stack.start(restarts, waitFor);
    const now = (await inspectAll(host.docker)).containers;
    const repeated = await Promise.all(requests.map((request) => repeat(host, request, now, patience)));
    return { moved: movesBetween(running, now), restarted: [...restarted], notStarted, requests: repeated };
  };
  try {
    const facts = await take(quick);
    return facts.requests.every(works) ? facts : await take(thorough);
  } finally {
    await Promise.all(placeholders.map((each) => orGone(() => each.remove({ force: true }))));
  }
}

/** Whether every address moves with a network: nobody has one on another kind of network, or on the host's. */
function canGoOn({ networks }: Inventory, running: ContainerFacts[]): boolean {
  const moving = new Set(networks.filter(isMadeBridge).map(({ id }) => id));
  return running.every(
    (each) =>
      !usesHostSandbox(each) &&
      each.attachments.every(({ networkId, addresses }) => addresses.length === 0 || moving.has(networkId)),
  );
}

/**
 * Whether a hosts file has the address of another container. Engine 20.10 takes such lines out when a container leaves a network
 * while it runs. When the container is started again, they are there again.
 */
function knowsAddresses(hosts: string, container: ContainerFacts, running: ContainerFacts[]): boolean {
  const others = new Set(running.flatMap(addressesOf)).difference(new Set(addressesOf(container)));
  return hosts.split('\n').some((line) => others.has(line.trim().split(/\s/)[0] ?? ''));
}

/** Containers, and those that share their sandboxes: these have to get into the new ones. */
function withGuests(names: string[]): Choice {
  return ({ name, sandboxOf }) => names.includes(name) || names.includes(sandboxOf);
}

/**
 * The networks that are made anew, in this order; first those on which nobody is stopped. One follows the other, because whoever
 * runs or is paused leaves and joins its networks then, and is not asked to do both at once.
 */
function movable({ networks }: Inventory, running: ContainerFacts[], isStopped: Choice): NetworkFacts[] {
  const stopped = running.filter(isStopped);
  const moving = networks.filter((each) => isMadeBridge(each) && isOn(each, running));
  return [...moving.filter((each) => !isOn(each, stopped)), ...moving.filter((each) => isOn(each, stopped))];
}

function isOn({ id }: NetworkFacts, containers: ContainerFacts[]): boolean {
  return containers.some(({ attachments }) => attachments.some(({ networkId }) => networkId === id));
}

/**
 * No packet would ever tell those who wait at a former address that no answer comes. Where the kernel cannot do this, some of
 * them are silent until they are started again.
 */
async function endConnections(host: LabHost, running: ContainerFacts[], addresses: string[]): Promise<void> {
  const owners = running.filter(({ name, sandboxOf }) => name === sandboxOf);
  await Promise.all(owners.map((each) => askIn(host, each, { ask: 'end connections', addresses })));
}

/** What the experiments restart, in the order in which it starts again. */
export function restartsOf(
  application: Application,
  found: { containers: ContainerFacts[]; roles: Record<string, RoleFinding> },
): { id: string; stopSeconds: number }[] {
  const { ranked, graceful } = startOf(application, found);
  return ranked.flat().map(({ id, name }) => ({ id, stopSeconds: graceful.includes(name) ? STOP_SECONDS : 0 }));
}

/** The containers that run, in the order in which they start again, and the names of those that get time to shut down. */
function startOf(
  { startOrder, databases }: Application,
  { containers, roles }: { containers: ContainerFacts[]; roles: Record<string, RoleFinding> },
): { ranked: ContainerFacts[][]; graceful: string[] } {
  const namesOf = (role: string): string[] => playersOf(roles[role], containers).map(({ name }) => name);
  const order = startOrder.map((group) => group.flatMap(namesOf));
  return {
    ranked: inOrder(containers.filter(isAlive), order),
    graceful: databases.flatMap(({ role }) => namesOf(role)),
  };
}

/**
 * The order of starting: the first roles of `order`, then containers without a role (a cache, an init container), then
 * the other roles. A container that shares a sandbox comes after the sandbox's owner.
 */
function inOrder(containers: ContainerFacts[], order: string[][]): ContainerFacts[][] {
  const placeOf = (container: string): number => order.findIndex((names) => names.includes(container));
  const rank = ({ name, sandboxOf }: ContainerFacts): number => {
    const own = placeOf(name);
    const base = own === 0 ? 0 : own > 0 ? own + 1 : 1;
    const owner = sandboxOf === name ? -1 : placeOf(sandboxOf);
    return owner >= 0 ? Math.max(base, owner + 1.5) : base;
  };
  const groups = Map.groupBy(containers, rank);
  return [...groups.keys()].sort((a, b) => a - b).map((each) => groups.get(each)!);
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
