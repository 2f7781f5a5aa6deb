/** The network as it is, as a drawing in which what differs from the task is marked. */
import { shortName } from '../markup.ts';
import type { SeenTopology } from '../../record.ts';
import type { Difference } from './differences.ts';
import { limited, MOST_BOXES, OUTSIDE, type Box, type Drawing, type Line } from './drawing.ts';
import { expectedDrawing } from './expected.ts';
import { calledOf, networkCalled, type Container, type Network } from './names.ts';
import { containerId, driverDetails, isPredefined, networkId } from './networks.ts';
import { isOutside, portsOf } from './ports.ts';

export function actualDrawing(seen: SeenTopology, differences: Difference[]): Drawing {
  const topology = inTheTasksOrder(seen);
  const { containers } = topology;
  // Only for the containers that are drawn: there may be thousands.
  const lines = containers.slice(0, MOST_BOXES).flatMap((container) => linesOf(container, topology, differences));
  const ghosts = missingBoxes(topology, differences);
  return limited({
    boxes: [
      OUTSIDE,
      ...containers.filter(({ role }) => role !== undefined).map((each) => containerBox(each, topology, differences)),
      ...ghosts,
      ...networkBoxes(topology, differences),
      ...containers.filter(({ role }) => role === undefined).map((each) => containerBox(each, topology, differences)),
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

function containerBox(container: Container, topology: SeenTopology, differences: Difference[]): Box {
  const { name, image, state, machine, role } = container;
  const called = calledOf(container);
  const kinds = differences.flatMap((each) => ('container' in each && each.container === called ? [each.kind] : []));
  const wrong = kinds.some((kind) => ['not-running', 'other-machine', 'own-sandbox'].includes(kind));
  const mark = wrong ? 'wrong' : kinds.includes('not-asked-for') ? 'stranger' : undefined;
  const inside = container.sandboxOf === undefined ? portsOf(container).filter((port) => !isOutside(port)) : [];
  return {
    id: idOf(container, topology),
    kind: 'container',
    name: shortName(called),
    details: [
      ...(name === called || name === `${role}-1` || name === `${role}_1` ? [] : [shortName(name)]),
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
  const has = (kind: Difference['kind']): boolean =>
    differences.some((each) => each.kind === kind && 'network' in each && each.network === called);
  const misnamed = has('misnamed');
  const wrong = misnamed || has('wrong-driver');
  return {
    id: networkIdOf(network, machine, topology),
    kind: 'network',
    name: shortName(misnamed ? name : called),
    details: [
      ...(misnamed ? [shortName(`not ${called}`)] : name === called ? [] : [shortName(name)]),
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
  const id = idOf(container, topology);
  const owner = topology.containers.find(({ name }) => name === sandboxOf);
  if (owner !== undefined) {
    const mark = has('shared-sandbox') ? { mark: 'wrong' as const } : {};
    return [{ from: id, to: idOf(owner, topology), label: 'same sandbox', ...mark }];
  }
  const attached = networks.map(({ name, addresses }): Line => {
    const network = topology.networks.find((each) => each.name === name);
    const shownAs = networkCalled(name, topology);
    const wrong = differences.some(
      (each) => each.kind === 'attached' && each.container === called && each.network === shownAs,
    );
    return {
      from: id,
      to: network === undefined ? `another network ${name}` : networkIdOf(network, machine, topology),
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

/** What the task asks for and is not there, in the task's own place. */
function missingBoxes({ expected, networks }: SeenTopology, differences: Difference[]): Box[] {
  if (expected === undefined) return [];
  const { boxes } = expectedDrawing(expected);
  return differences.flatMap((each): Box[] => {
    const missed =
      each.kind === 'no-container'
        ? boxes.find(({ kind, name }) => kind === 'container' && name === shortName(each.role))
        : each.kind === 'no-network' && !networks.some(({ name }) => name === each.network)
          ? boxes.find(({ kind, name }) => kind === 'network' && name === shortName(each.network))
          : undefined;
    return missed === undefined ? [] : [{ ...missed, details: [], mark: 'missing' }];
  });
}

function missingLines(topology: SeenTopology, differences: Difference[]): Line[] {
  return differences.flatMap((each): Line[] => {
    if (!('container' in each)) return [];
    const container = topology.containers.find((other) => calledOf(other) === each.container);
    if (container === undefined) return [];
    const id = idOf(container, topology);
    if (each.kind === 'not-published') return [{ from: OUTSIDE.id, to: id, label: 'published', mark: 'missing' }];
    if (each.kind === 'not-attached')
      return [{ from: id, to: missedNetwork(each.network, container, topology), label: '', mark: 'missing' }];
    const owner = topology.containers.find(({ role }) => each.kind === 'own-sandbox' && role === each.of);
    return owner === undefined ? [] : [{ from: id, to: idOf(owner, topology), label: 'same sandbox', mark: 'missing' }];
  });
}

function missedNetwork(called: string, { machine }: Container, topology: SeenTopology): string {
  const network = topology.networks.find(({ name }) => networkCalled(name, topology) === called);
  if (network !== undefined) return networkIdOf(network, machine, topology);
  const driver = topology.expected?.networks.find(({ name }) => name === called)?.driver ?? '';
  return networkId(called, driver, machine);
}

/** The first container that plays a role is that of the task; another one, or one without a role, is another. */
function idOf(container: Container, { containers }: SeenTopology): string {
  const { role, name, machine } = container;
  const isFirst = containers.find((other) => other.role === role && other.machine === machine) === container;
  return role !== undefined && isFirst ? containerId(role, machine) : `another ${containerId(name, machine)}`;
}

/** The same of networks: the first that plays a part. */
function networkIdOf(network: Network, machine: number | undefined, topology: SeenTopology): string {
  const called = networkCalled(network.name, topology);
  const isFirst = topology.networks.find(({ name }) => networkCalled(name, topology) === called) === network;
  const id = networkId(isFirst ? called : network.name, network.driver, machine);
  return isFirst ? id : `another ${id}`;
}
