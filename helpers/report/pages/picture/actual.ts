/** The network as it is, as a drawing in which what differs from the task is marked. */
import { shortName } from '../markup.ts';
import type { SeenTopology } from '../../record.ts';
import { calledOf, networkCalled, type Container, type Difference } from './differences.ts';
import { limited, MOST_BOXES, OUTSIDE, type Box, type Drawing, type Line } from './drawing.ts';
import { driverDetails, isPredefined, networkId } from './networks.ts';
import { isOutside, portsOf } from './ports.ts';

type Network = SeenTopology['networks'][number];

export function actualDrawing(seen: SeenTopology, differences: Difference[]): Drawing {
  const topology = inTheTasksOrder(seen);
  const { containers } = topology;
  // Only for the containers that are drawn: there may be thousands.
  const lines = containers.slice(0, MOST_BOXES).flatMap((container) => linesOf(container, topology, differences));
  const ghosts = missingBoxes(topology, differences);
  return limited({
    boxes: [
      OUTSIDE,
      ...containers.filter(({ role }) => role !== undefined).map((each) => containerBox(each, differences)),
      ...ghosts,
      ...networkBoxes(topology, differences),
      ...containers.filter(({ role }) => role === undefined).map((each) => containerBox(each, differences)),
    ],
    lines: [...lines, ...missingLines(topology, differences)],
  });
}

/** Sorts things as the task does, so that both pictures look alike. What is not part of the task comes last. */
function inTheTasksOrder(topology: SeenTopology): SeenTopology {
  const { expected } = topology;
  const roles = expected?.containers.map(({ role }) => role) ?? [];
  const wanted = expected?.networks.map(({ name }) => name) ?? [];
  const by = (name: string | undefined, order: string[]): number => {
    const at = name === undefined ? -1 : order.indexOf(name);
    return at === -1 ? order.length + Number(name === undefined) : at;
  };
  return {
    ...topology,
    containers: topology.containers.toSorted((a, b) => by(a.role, roles) - by(b.role, roles)),
    networks: topology.networks.toSorted((a, b) => by(a.plays, wanted) - by(b.plays, wanted)),
  };
}

function containerBox(container: Container, differences: Difference[]): Box {
  const { name, image, state, machine } = container;
  const called = calledOf(container);
  const kinds = differences.flatMap((each) => ('container' in each && each.container === called ? [each.kind] : []));
  const wrong = kinds.some((kind) => ['not-running', 'other-machine', 'own-sandbox'].includes(kind));
  const mark = wrong ? 'wrong' : kinds.includes('not-asked-for') ? 'stranger' : undefined;
  const inside = container.sandboxOf === undefined ? portsOf(container).filter((port) => !isOutside(port)) : [];
  return {
    id: containerId(container),
    kind: 'container',
    name: shortName(called),
    details: [
      ...(name === called ? [] : [shortName(name)]),
      shortName(`image ${image}`),
      ...(state === 'running' ? [] : [shortName(state)]),
      ...inside.map(({ text }) => shortName(text)),
    ],
    ...(machine === undefined ? {} : { machine }),
    ...(mark === undefined ? {} : { mark }),
  };
}

/** Every network that somebody made, and those predefined networks that a container is on or should be on. */
function networkBoxes(topology: SeenTopology, differences: Difference[]): Box[] {
  const all = topology.networks.flatMap((network) => {
    const users = topology.containers.filter(({ networks }) => networks.some(({ name }) => name === network.name));
    const missed = differences.some((each) => each.kind === 'not-attached' && each.network === network.name);
    if (users.length === 0 && isPredefined(network.name) && !missed) return [];
    const machines = users.map(({ machine }) => machine);
    return [...new Set(machines.length === 0 ? [undefined] : machines)].map((machine) =>
      networkBox(network, machine, topology, differences),
    );
  });
  return all.filter(({ id }, i) => all.findIndex((other) => other.id === id) === i);
}

function networkBox(
  network: Network,
  machine: number | undefined,
  topology: SeenTopology,
  differences: Difference[],
): Box {
  const { name, driver, internal, subnets } = network;
  const called = networkCalled(name, topology);
  const wrong = differences.some((each) => each.kind === 'wrong-driver' && each.network === called);
  return {
    id: networkId(name, driver, machine),
    kind: 'network',
    name: shortName(called),
    details: [
      ...(name === called ? [] : [shortName(name)]),
      ...driverDetails(name, driver).map((detail) => shortName(internal ? `${detail}, internal` : detail)),
      ...subnets.slice(0, 2).map((subnet) => shortName(subnet)),
    ],
    ...(machine === undefined || driver === 'overlay' ? {} : { machine }),
    ...(wrong ? { mark: 'wrong' } : {}),
  };
}

function linesOf(container: Container, topology: SeenTopology, differences: Difference[]): Line[] {
  const { networks, sandboxOf, machine } = container;
  const called = calledOf(container);
  const has = (kind: Difference['kind']): boolean =>
    differences.some((each) => each.kind === kind && 'container' in each && each.container === called);
  const id = containerId(container);
  const owner = topology.containers.find(({ name }) => name === sandboxOf);
  if (owner !== undefined) {
    const mark = has('shared-sandbox') ? { mark: 'wrong' as const } : {};
    return [{ from: id, to: containerId(owner), label: 'same sandbox', ...mark }];
  }
  const attached = networks.map(({ name, addresses }): Line => {
    const network = topology.networks.find((each) => each.name === name);
    const shownAs = networkCalled(name, topology);
    const wrong = differences.some(
      (each) => each.kind === 'attached' && each.container === called && each.network === shownAs,
    );
    return {
      from: id,
      to: networkId(name, network?.driver ?? '', machine),
      label: shortName(addresses.join(' ') || ' ', 40).replace('(no name)', ''),
      ...(wrong ? { mark: 'wrong' } : {}),
    };
  });
  const published = portsOf(container).filter(isOutside);
  const wrong = has('published') ? { mark: 'wrong' as const } : {};
  return [
    ...published.slice(0, 3).map(({ text }) => ({ from: OUTSIDE.id, to: id, label: shortName(text, 40), ...wrong })),
    ...attached,
  ];
}

function missingBoxes({ networks }: SeenTopology, differences: Difference[]): Box[] {
  return differences.flatMap((each): Box[] => {
    if (each.kind === 'no-container') return [ghost('container', each.role, `container ${each.role} missing`)];
    if (each.kind === 'no-network' && !networks.some(({ name }) => name === each.network))
      return [ghost('network', each.network, `network ${each.network} missing`)];
    return [];
  });
}

function ghost(kind: Box['kind'], name: string, id: string): Box {
  return { id, kind, name: shortName(name), details: [], mark: 'missing' };
}

function missingLines(topology: SeenTopology, differences: Difference[]): Line[] {
  return differences.flatMap((each): Line[] => {
    if (!('container' in each)) return [];
    const container = topology.containers.find((other) => calledOf(other) === each.container);
    if (container === undefined) return [];
    const id = containerId(container);
    if (each.kind === 'not-published') return [{ from: OUTSIDE.id, to: id, label: 'published', mark: 'missing' }];
    if (each.kind === 'not-attached')
      return [{ from: id, to: networkIdOf(each.network, container, topology), label: '', mark: 'missing' }];
    const owner = topology.containers.find(({ role }) => each.kind === 'own-sandbox' && role === each.of);
    return owner === undefined ? [] : [{ from: id, to: containerId(owner), label: 'same sandbox', mark: 'missing' }];
  });
}

function networkIdOf(called: string, { machine }: Container, topology: SeenTopology): string {
  const network = topology.networks.find(({ name }) => networkCalled(name, topology) === called);
  return network === undefined ? `network ${called} missing` : networkId(network.name, network.driver, machine);
}

function containerId({ name, machine }: Container): string {
  return `container ${name}${machine === undefined ? '' : ` on ${machine}`}`;
}
