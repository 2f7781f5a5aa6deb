/** What is to be done so that everything is again as a note says: computed from the note and from how things are now. */
import type { AsRun, EndpointSettings } from '../../base/docker/as-run.ts';
import type { Note } from './note.ts';
import type { ContainerThen, NetworkSettings, NetworkThen, Snapshot } from './snapshot.ts';

export interface Plan {
  /** In this order. There are none when everything is as it was. */
  steps: Step[];
  /** What is not as it was, in words, e.g. "mongo is paused". */
  changed: string[];
  /** What is not put back, and why, in words. */
  left: string[];
}

export type Step =
  | { do: 'unpause' | 'start'; container: string; name: string }
  | { do: 'restart'; container: string; name: string; stopSeconds: number }
  | { do: 'run'; container: string; name: string; asRun: AsRun }
  | { do: 'disconnect'; container: string; name: string; from: string; network: string }
  | { do: 'remove'; id: string; network: string }
  | { do: 'make'; network: string; settings: NetworkSettings }
  | { do: 'connect'; container: string; name: string; network: string; config: EndpointSettings };

export interface Circumstances {
  /** Names of networks that stay as they are, because they could not be made as they were. */
  settled: ReadonlySet<string>;
  /** Names of containers of `docker run --rm` whose engine removed them, and not their owner: they are run again. */
  lost: ReadonlySet<string>;
}

const NOTHING_MORE: Circumstances = { settled: new Set(), lost: new Set() };

/**
 * Touches only what the note names. A container that has gone since was removed by its owner, so it is not made again, and
 * neither is a network whose containers have all gone.
 */
export function planOf(note: Note, now: Snapshot, { settled, lost }: Circumstances = NOTHING_MORE): Plan {
  const present = new Map(now.containers.map((each) => [each.id, each]));
  const isLost = ({ name, asRun }: ContainerThen): boolean => asRun !== undefined && lost.has(name);
  const gone = note.was.containers.filter((each) => !present.has(each.id) && !isLost(each));
  const wanted = note.was.containers.filter((each) => !gone.includes(each));
  const parts = note.was.networks.map((network) =>
    planNetwork(network, { wanted, present, now: networkNow(network, now), settled }),
  );
  const run = planRuns(note, now, { present, wanted, isRewired: parts.some(({ steps }) => steps.length > 0) });
  return {
    steps: [...run.unpaused, ...parts.flatMap(({ steps }) => steps), ...run.started],
    changed: [...run.changed, ...parts.flatMap(({ changed }) => changed)],
    left: [...gone.map(({ name }) => `${name} is not there any more`), ...parts.flatMap(({ left }) => left)],
  };
}

type Present = ReadonlyMap<string, ContainerThen>;

function networkNow({ id, name }: NetworkThen, { networks }: Snapshot): NetworkThen | undefined {
  return networks.find((each) => each.id === id) ?? networks.find((each) => each.name === name);
}

function planNetwork(
  then: NetworkThen,
  {
    wanted,
    present,
    now,
    settled,
  }: { wanted: ContainerThen[]; present: Present; now: NetworkThen | undefined; settled: ReadonlySet<string> },
): Plan {
  const { name, settings, members } = then;
  const plan: Plan = { steps: [], changed: [], left: [] };
  const meant = wanted.filter(({ id }) => members.includes(id));
  if (meant.length === 0) return plan;
  const survivors = meant.filter(({ id }) => present.has(id)); // one that is run again is connected then
  const make: Step = { do: 'make', network: name, settings };
  const connect = (container: ContainerThen): Step => ({
    do: 'connect',
    container: container.id,
    name: container.name,
    network: name,
    config: configOn(container, name),
  });
  const disconnect = (id: string, from: string): Step => ({
    do: 'disconnect',
    container: id,
    name: present.get(id)?.name ?? id,
    from,
    network: name,
  });
  if (now === undefined) {
    plan.steps.push(make, ...survivors.map(connect));
    plan.changed.push(`the network ${name} is missing`);
    return plan;
  }
  const isOther = !settled.has(name) && subnetsOf(now) !== subnetsOf(then);
  const inTheWay = isOther ? whyNotAnew(then, now, survivors) : undefined;
  if (isOther && inTheWay === undefined) {
    plan.changed.push(`the network ${name} has another subnet`);
    plan.steps.push(...now.members.map((id) => disconnect(id, now.id)));
    plan.steps.push({ do: 'remove', id: now.id, network: name }, make, ...survivors.map(connect));
    return plan;
  }
  if (inTheWay !== undefined) plan.left.push(`the network ${name} keeps its new subnet: ${inTheWay}`);
  for (const container of survivors) {
    const endpoint = present.get(container.id)?.endpoints.find(({ network }) => network === name);
    const isOn = endpoint !== undefined && ['', now.id].includes(endpoint.networkId); // '' when it was never started
    if (!isOn) plan.changed.push(`${container.name} is off ${name}`);
    else if (fixedAddress(endpoint.config) === fixedAddress(configOn(container, name))) continue;
    else plan.changed.push(`${container.name} has not its fixed address on ${name}`);
    if (endpoint !== undefined) plan.steps.push(disconnect(container.id, now.id));
    plan.steps.push(connect(container));
  }
  return plan;
}

/** Why a network with another subnet is not removed and made again; undefined when nothing is in the way. */
function whyNotAnew(then: NetworkThen, now: NetworkThen, survivors: ContainerThen[]): string | undefined {
  const byId = survivors.find(({ networkMode }) => networkMode === now.id);
  if (byId !== undefined) return `${byId.name} can start only on this very network`;
  const others = now.members.filter((id) => !then.members.includes(id));
  return others.length > 0
    ? `other containers are on it now (${others.map((id) => id.slice(0, 12)).join(', ')})`
    : undefined;
}

interface Runs {
  unpaused: Step[];
  started: Step[];
  changed: string[];
}

/**
 * Who has to be unpaused, started or restarted. A server may remember the address of another one from its start. So if
 * anybody's address changes, whoever comes later in the order of the note is restarted, too.
 */
function planRuns(
  { restarts, was }: Note,
  now: Snapshot,
  { present, wanted, isRewired }: { present: Present; wanted: ContainerThen[]; isRewired: boolean },
): Runs {
  const runs: Runs = { unpaused: [], started: [], changed: [] };
  const ran = restarts.flatMap(({ id, stopSeconds }) => {
    const then = wanted.find((each) => each.id === id && each.state === 'running');
    return then === undefined ? [] : [{ then, is: present.get(id), stopSeconds }];
  });
  for (const { then, is } of ran) {
    if (is?.state === 'paused') runs.unpaused.push({ do: 'unpause', container: then.id, name: then.name });
    if (is?.state !== 'running')
      runs.changed.push(`${then.name} ${is?.state === 'paused' ? 'is paused' : 'does not run'}`);
  }
  const first = isRewired ? 0 : ran.findIndex(({ is }) => is?.state !== 'paused' && !isUpToDate(is, was, now));
  if (first < 0) return runs;
  runs.started = ran.slice(first).flatMap(({ then: { id: container, name, asRun }, is, stopSeconds }): Step[] => {
    if (is === undefined) return asRun === undefined ? [] : [{ do: 'run', container, name, asRun }];
    return is.state === 'stopped'
      ? [{ do: 'start', container, name }]
      : [{ do: 'restart', container, name, stopSeconds }];
  });
  return runs;
}

function isUpToDate(is: ContainerThen | undefined, was: Snapshot, now: Snapshot): boolean {
  return is?.state === 'running' && !isOlder(is, was, now);
}

/** Whether a container has not been restarted since one of its networks was made anew. */
function isOlder({ endpoints, startedAt }: ContainerThen, was: Snapshot, now: Snapshot): boolean {
  return endpoints.some(({ network, networkId }) => {
    const made = now.networks.find(({ id }) => id === networkId);
    const isAnew = made !== undefined && was.networks.some(({ name, id }) => name === network && id !== made.id);
    return isAnew && Date.parse(startedAt) < Date.parse(made.created);
  });
}

function configOn({ endpoints }: ContainerThen, network: string): EndpointSettings {
  return endpoints.find((each) => each.network === network)?.config ?? {};
}

function fixedAddress(config: EndpointSettings): string {
  const { IPv4Address, IPv6Address } = (config['IPAMConfig'] ?? {}) as Record<string, string | undefined>;
  return [IPv4Address ?? '', IPv6Address ?? ''].join(' ');
}

function subnetsOf({ settings }: NetworkThen): string {
  return settings.IPAM.Config.map(({ Subnet = '', IPRange = '' }) => `${Subnet} ${IPRange}`)
    .sort()
    .join(', ');
}

/** A step in words, e.g. "start mongo". */
export function inWords(step: Step): string {
  switch (step.do) {
    case 'unpause':
    case 'start':
    case 'restart':
    case 'run':
      return `${step.do} ${step.name}${step.do === 'run' ? ' again' : ''}`;
    case 'disconnect':
      return `disconnect ${step.name} from ${step.network}`;
    case 'remove':
      return `remove the network ${step.network}, which has another subnet than before`;
    case 'make':
      return `make the network ${step.network} again`;
    case 'connect':
      return `connect ${step.name} to ${step.network}`;
  }
}
