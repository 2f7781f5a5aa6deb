/** Everything that one container, or somebody outside, may be able to open: tried without knowing whether it is open. */
import type { Listener } from '../../machine/probe/protocol.ts';
import { EMBEDDED_DNS } from '../../base/docker/addresses.ts';
import type { ContainerFacts, OutsideFacts, SandboxFacts } from '../facts.ts';
import type { Look } from '../look.ts';
import { addressesFor, addressesOf, isLoopback, publishedToOthers, usesHostSandbox } from '../subjects.ts';
import type { DoorFacts } from '../way-facts.ts';

/** So many are tried by one sender. If there are more, that is no proof of anything. */
export const MOST_OPENINGS = 200;

export interface Opening extends DoorFacts {
  /** The container whose sandbox it leads into; absent if that is not known. */
  into?: ContainerFacts;
}

export interface Surroundings extends Pick<Look, 'containers' | 'sandboxes' | 'processes'> {
  /** The lab host's addresses, loopback excepted. */
  atHost: string[];
  /** Ports of the lab host at which something may be that no container publishes. */
  hostPorts: number[];
}

/** What a container may open: others' ports, ports of the host, and what listens in its own sandbox. */
export function openingsOf(source: ContainerFacts, around: Surroundings): Opening[] {
  const { containers, sandboxes, atHost } = around;
  const others = containers.filter(
    (each) => each.sandboxOf !== source.sandboxOf && sandboxes[each.name] !== undefined && each.sandboxOf === each.name,
  );
  const direct = others.flatMap((each) => {
    const { listeners } = sandboxes[each.name]!;
    const addresses = usesHostSandbox(each) ? atHost : allAddressesOf(each, sandboxes[each.name]!);
    const at = usesHostSandbox(each) ? ('host' as const) : ('sandbox' as const);
    return product(addresses, portsOf(listeners)).map(({ address, port }) => ({
      ...{ address, port, at, into: each },
      ...holder(each, port, around),
    }));
  });
  const published = others.flatMap((each) =>
    publishedToOthers(each).flatMap((mapping) =>
      addressesFor(mapping, atHost).map((address) => ({
        ...{ address, port: mapping.hostPort, at: 'host' as const, into: each },
        ...holder(each, mapping.containerPort, around),
      })),
    ),
  );
  const unknown = product(atHost, around.hostPorts).map((at) => ({ ...at, at: 'host' as const }));
  return unique([...ownOpenings(source, around), ...direct, ...published, ...unknown]);
}

function ownOpenings(source: ContainerFacts, around: Surroundings): Opening[] {
  if (usesHostSandbox(source)) return [];
  return (around.sandboxes[source.name]?.listeners ?? [])
    .filter(({ address }) => address !== EMBEDDED_DNS)
    .map(({ address, port }) => ({
      ...{ address: here(address), port, at: 'own sandbox' as const, into: source },
      ...holder(source, port, around),
    }));
}

/** What somebody outside can open; it has been tried whether it is open. */
export function openingsOutside({ ports }: OutsideFacts, addresses: string[], around: Surroundings): Opening[] {
  const open = ports.filter(({ reach }) => reach === 'open');
  const known = open.flatMap((each): Opening[] => {
    const into = around.containers.find(({ name }) => name === each.container);
    const inner = each.mapping?.containerPort ?? each.port;
    return into === undefined
      ? []
      : [{ address: each.address, port: each.port, at: 'host', into, ...holder(into, inner, around) }];
  });
  const unknown = product(addresses, around.hostPorts).map((at) => ({ ...at, at: 'host' as const }));
  return unique([...known, ...unknown]);
}

/** Who listens on a port in a container's sandbox: not always the container itself. */
function holder(into: ContainerFacts, port: number, { containers, sandboxes, processes }: Surroundings): DoorHolder {
  const sockets = (sandboxes[into.name]?.listeners ?? []).filter((each) => each.port === port).map((it) => it.socket);
  const id = processes.find((each) => each.sockets.some((socket) => sockets.includes(socket)))?.container;
  const found = containers.find((each) => each.id === id);
  return { container: found?.name ?? into.name };
}

type DoorHolder = Pick<DoorFacts, 'container'>;

/** @returns the container that listens on a port in a container's sandbox. */
export function holderOf(into: ContainerFacts, port: number, around: Surroundings): string {
  return holder(into, port, around).container!;
}

/** Docker's, and those that somebody gave it from inside. */
function allAddressesOf(container: ContainerFacts, { interfaces }: SandboxFacts): string[] {
  const inside = interfaces.flatMap(({ addresses }) => addresses.map((each) => each.replace(/\/.*/, '')));
  return [...new Set([...addressesOf(container), ...inside.filter((each) => !isLoopback(each))])];
}

function portsOf(listeners: Listener[]): number[] {
  return [...new Set(listeners.filter(({ address }) => !isLoopback(address)).map(({ port }) => port))];
}

function here(address: string): string {
  if (address === '0.0.0.0') return '127.0.0.1';
  return address === '::' ? '::1' : address;
}

function product(addresses: string[], ports: number[]): { address: string; port: number }[] {
  return addresses.flatMap((address) => ports.map((port) => ({ address, port })));
}

function unique(openings: Opening[]): Opening[] {
  const byPlace = new Map(openings.toReversed().map((each) => [`${each.address} ${each.port}`, each]));
  return [...byPlace.values()].reverse();
}
