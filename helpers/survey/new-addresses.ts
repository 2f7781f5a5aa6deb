/** Experiment: gives every network another subnet, and with it every container another address, and starts the stack again in order. */
import { reasonOf } from '../failure.ts';
import type { LabHost } from '../lab-host/lab-host.ts';
import { until } from '../wait.ts';
import { sample, type Entrance } from './backend-away.ts';
import type { NewAddresses, RepeatedRequest, Sample } from './experiment-facts.ts';
import type { ContainerFacts, OutsidePort, RoleFinding, SandboxFacts } from './facts.ts';
import { inspectAll, type Inventory } from './inspect.ts';
import type { Application } from './plan.ts';
import { renumber } from './renumber.ts';
import { containerOf } from './roles.ts';
import { commonKind, isOfKind } from './samples.ts';
import { listenersOf } from './sandboxes.ts';
import { isAlive, openPorts } from './subjects.ts';
import { urlOf } from './url.ts';

/** Seconds a database gets to stop in order; everything else is ended at once. */
const STOP_SECONDS = 5;
const SERVING_MS = 60_000;
/** Once everything serves again, a request has to work within this time: names are resolved, drivers reconnect. */
const WORKING_MS = 8_000;
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
  const nameOf = (role: string): string => containerOf(roles[role], inventory.containers)?.name ?? '';
  const graceful = databases.map(({ role }) => nameOf(role));
  const running = inOrder(inventory.containers.filter(isAlive), startOrder.map(nameOf));
  const facts: NewAddresses = { moved: [], notStarted: {}, requests: [] };
  await Promise.all(
    running.map(({ id, name }) =>
      host.docker
        .getContainer(id)
        .stop({ t: graceful.includes(name) ? STOP_SECONDS : 0 })
        .catch(ignoreStopped),
    ),
  );
  const attached = new Set(running.flatMap(({ attachments }) => attachments.map(({ networkId }) => networkId)));
  const renumbered = inventory.networks.filter(
    ({ id, driver, predefined }) => driver === 'bridge' && !predefined && attached.has(id),
  );
  const placeholders = await Promise.all(renumbered.map((network) => renumber(host, network, running)));
  for (const container of running) {
    const served = openPorts(sandboxes[container.name]?.listeners ?? []).length > 0;
    await start(host, container, served, facts);
  }
  const now = (await inspectAll(host.docker)).containers;
  facts.moved = movesBetween(running, now);
  facts.requests = await Promise.all(requests.map((request) => repeat(host, request, now)));
  await Promise.all(placeholders.flat().map((each) => each.remove({ force: true })));
  return facts;
}

/** Asks as before, until an answer of the same kind comes or the deadline has passed. */
async function repeat(host: LabHost, { entrance, before }: Known, now: ContainerFacts[]): Promise<RepeatedRequest> {
  const kind = commonKind(before);
  const moved = { ...entrance, port: portNow(entrance.port, now) };
  const answers: Sample[] = [];
  await until(WORKING_MS, async () => {
    const answer = await sample(host, moved, ANSWER_MS);
    answers.push(answer);
    return kind !== undefined && isOfKind(answer, kind) ? true : undefined;
  });
  return { front: entrance.front, url: urlOf(moved.port, moved.path), before, answers: answers.slice(-3) };
}

/** Backends first, then what plays no role (a cache, an init container), then the others; a shared sandbox after its owner. */
function inOrder(containers: ContainerFacts[], order: string[]): ContainerFacts[] {
  const rank = ({ name, sandboxOf }: ContainerFacts): number => {
    const own = order.indexOf(name);
    const base = own === 0 ? 0 : own > 0 ? own + 1 : 1;
    const owner = sandboxOf === name ? -1 : order.indexOf(sandboxOf);
    return owner >= 0 ? Math.max(base, owner + 1.5) : base;
  };
  return [...containers].sort((a, b) => rank(a) - rank(b));
}

/** Starts one container and waits until it serves, if it served before: the next one may need it. */
async function start(host: LabHost, container: ContainerFacts, served: boolean, facts: NewAddresses): Promise<void> {
  const handle = host.docker.getContainer(container.id);
  try {
    await handle.start();
  } catch (error) {
    facts.notStarted[container.name] = reasonOf(error);
    return;
  }
  if (!served) return;
  await until(SERVING_MS, async () => {
    const { State } = await handle.inspect();
    if (!State.Running && !State.Restarting) return 'over';
    if (State.Restarting) return undefined;
    const now = { ...container, state: { ...container.state, pid: State.Pid, startedAt: State.StartedAt } };
    const listeners = await listenersOf(host, now);
    return listeners !== undefined && listeners.length > 0 ? 'serves' : undefined;
  });
}

/** A port that Docker chose is another one after a restart. */
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
      const now = after.find(({ id }) => id === container.id)?.attachments.find((each) => each.network === network);
      return { container: container.name, network, before: addresses[0] ?? '', after: now?.addresses[0] ?? '' };
    }),
  );
}

function ignoreStopped(error: unknown): void {
  if ((error as { statusCode?: number }).statusCode !== 304) throw error; // 304: it had stopped by itself
}
