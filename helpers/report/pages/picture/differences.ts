/**
 * The differences between the network as it is and as it should be, as data. Both the marks in the picture and the
 * sentences under it are made from this.
 */
import type { SeenTopology } from '../../record.ts';
import { calledOf, networkCalled, partOf, type Container } from './names.ts';
import { isOutside, portsOf } from './ports.ts';

export type Difference =
  | { kind: 'no-network'; network: string }
  | { kind: 'misnamed'; network: string; name: string }
  | { kind: 'wrong-driver'; network: string; expected: string; seen: string }
  | { kind: 'no-container'; role: string }
  | { kind: 'not-running'; container: string; state: string }
  | { kind: 'other-machine'; container: string; expected: number; seen: number }
  | { kind: 'not-attached'; container: string; network: string }
  | { kind: 'attached'; container: string; network: string }
  | { kind: 'not-published'; container: string; onLoopback: boolean }
  | { kind: 'published'; container: string; ports: string[] }
  | { kind: 'own-sandbox'; container: string; of: string }
  | { kind: 'shared-sandbox'; container: string; of: string }
  | { kind: 'not-asked-for'; container: string };

export type Expected = NonNullable<SeenTopology['expected']>;
type ExpectedContainer = Expected['containers'][number];

/** @returns the differences; none if the record does not say what is expected. */
export function differencesOf(topology: SeenTopology): Difference[] {
  const { expected, containers } = topology;
  if (expected === undefined) return [];
  return [
    ...expected.networks.flatMap((network) => networkDifferences(network, topology)),
    ...expected.containers.flatMap((wanted) => {
      const container = containers.find(({ role }) => role === wanted.role);
      return container === undefined
        ? [{ kind: 'no-container' as const, role: wanted.role }]
        : containerDifferences(wanted, container, topology);
    }),
    ...containers
      .filter(({ role }) => !expected.containers.some((wanted) => wanted.role === role))
      .flatMap((container) => strangerDifferences(container, topology)),
  ];
}

function networkDifferences({ name, driver }: Expected['networks'][number], topology: SeenTopology): Difference[] {
  const there = topology.networks.filter((each) => partOf(each, topology.networks) === name);
  const [first] = there;
  if (first === undefined) return [{ kind: 'no-network', network: name }];
  return [
    ...(first.looksLike === name ? [{ kind: 'misnamed' as const, network: name, name: first.name }] : []),
    ...(there.some((each) => each.driver === driver)
      ? []
      : [{ kind: 'wrong-driver' as const, network: name, expected: driver, seen: first.driver }]),
  ];
}

function containerDifferences(wanted: ExpectedContainer, container: Container, topology: SeenTopology): Difference[] {
  const { state, machine } = container;
  const called = calledOf(container);
  const moved = wanted.machine !== undefined && machine !== undefined && wanted.machine !== machine;
  return [
    ...(state === 'running' ? [] : [{ kind: 'not-running' as const, container: called, state }]),
    ...(moved ? [{ kind: 'other-machine' as const, container: called, expected: wanted.machine!, seen: machine }] : []),
    ...(state === 'running' || container.networks.length > 0 ? wiring(wanted, container, topology) : []),
  ];
}

/** Compares networks and ports. (Not called for a container that left its networks because it stopped.) */
function wiring(wanted: ExpectedContainer, container: Container, topology: SeenTopology): Difference[] {
  const sandbox = sandboxDifferences(wanted, container, topology);
  // Its networks and ports are those of the sandbox that it wrongly uses, or wrongly does not use.
  if (sandbox.length > 0) return sandbox;
  return [...attachments(wanted, container, topology), ...publication(wanted, container, topology)];
}

function sandboxDifferences(wanted: ExpectedContainer, container: Container, topology: SeenTopology): Difference[] {
  const called = calledOf(container);
  const owner = topology.containers.find(({ name }) => name === container.sandboxOf);
  const of = owner === undefined ? container.sandboxOf : calledOf(owner);
  if (of === wanted.sandboxOf) return [];
  return of === undefined
    ? [{ kind: 'own-sandbox', container: called, of: wanted.sandboxOf! }]
    : [{ kind: 'shared-sandbox', container: called, of }];
}

function attachments(wanted: ExpectedContainer, container: Container, topology: SeenTopology): Difference[] {
  // The task may leave the networks open.
  if (wanted.sandboxOf !== undefined || wanted.networks.length === 0) return [];
  const called = calledOf(container);
  // The network "none" counts as no network.
  const on = container.networks.map(({ name }) => networkCalled(name, topology)).filter((name) => name !== 'none');
  return [
    ...wanted.networks
      .filter((network) => network !== 'none' && !on.includes(network))
      .map((network) => ({ kind: 'not-attached' as const, container: called, network })),
    ...on
      .filter((network) => !wanted.networks.includes(network))
      .map((network) => ({ kind: 'attached' as const, container: called, network })),
  ];
}

function publication(wanted: ExpectedContainer, container: Container, topology: SeenTopology): Difference[] {
  const called = calledOf(container);
  const ports = portsOf(container);
  const outside = ports.filter(isOutside).map(({ text }) => text);
  // In the host's sandbox, the container's ports are the machine's ports.
  const onHost = container.networks.some(({ name }) => name === 'host');
  if (wanted.published && outside.length === 0 && !onHost)
    return [{ kind: 'not-published', container: called, onLoopback: ports.length > 0 }];
  if (!wanted.published && outside.length > 0 && wanted.sandboxOf === undefined && isAboutPorts(topology))
    return [{ kind: 'published', container: called, ports: outside }];
  return [];
}

/** A task in which nothing is to be published says nothing about ports. */
function isAboutPorts({ expected }: SeenTopology): boolean {
  return expected?.containers.some(({ published }) => published) === true;
}

function strangerDifferences(container: Container, topology: SeenTopology): Difference[] {
  const called = calledOf(container);
  const outside = portsOf(container).filter(isOutside);
  return [
    { kind: 'not-asked-for', container: called },
    ...(outside.length === 0 || !isAboutPorts(topology)
      ? []
      : [{ kind: 'published' as const, container: called, ports: outside.map(({ text }) => text) }]),
  ];
}
