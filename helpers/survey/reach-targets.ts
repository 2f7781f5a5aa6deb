/** Which connections are tried: every role × (every other container and the lab host) × every address, port and way. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { beyond, placesOf, type Door } from './firewall/doors.ts';
import { THE_HOST, type ContainerFacts, type ReachFacts, type SandboxFacts } from './facts.ts';
import {
  addressesFor,
  addressesOf,
  hostAddresses,
  openPorts,
  portsTheEngineHolds,
  publishedToOthers,
  usesHostSandbox,
} from './subjects.ts';

/**
 * If a container listens on no port, an unused port is tried (discard, RFC 863). If the packet arrives, the connection
 * is refused.
 */
const NOBODYS_PORT = 9;

export type Target = Pick<ReachFacts, 'from' | 'to' | 'address' | 'port' | 'way'>;

/** @param doors Rules of the firewall that forward. */
export async function targetsOf(
  host: LabHost,
  sources: ContainerFacts[],
  containers: ContainerFacts[],
  sandboxes: Record<string, SandboxFacts>,
  doors: Door[],
): Promise<Target[]> {
  const atHost = await hostAddresses(host);
  const published = portsTheEngineHolds(containers);
  const forwarded = placesOf(doors, atHost).flatMap(({ door, address, port }) => {
    const to = beyond(door, containers)?.container;
    return to === undefined ? [] : [{ to, address, port, way: 'forwarded' as const }];
  });
  return sources.flatMap((source) => [
    ...forwarded.filter(({ to }) => to !== source.name).map((at) => ({ from: source.name, ...at })),
    ...containers
      .filter(({ id }) => id !== source.id)
      .flatMap((target) =>
        targetsBetween(source, target, { listeners: sandboxes[target.name]?.listeners ?? [], atHost, published }),
      ),
    ...atHost.filter(isV4).map((address) => ({
      from: source.name,
      to: THE_HOST,
      address,
      port: host.outside.canaryPort,
      way: 'address' as const,
    })),
  ]);
}

function targetsBetween(
  source: ContainerFacts,
  target: ContainerFacts,
  known: { listeners: SandboxFacts['listeners']; atHost: string[]; published: Set<number> },
): Target[] {
  const pair = { from: source.name, to: target.name };
  if (source.sandboxOf === target.sandboxOf || (usesHostSandbox(source) && usesHostSandbox(target))) {
    return openPorts(known.listeners).map((port) => ({ ...pair, address: '127.0.0.1', port, way: 'own-sandbox' }));
  }
  if (usesHostSandbox(target)) {
    const ports = openPorts(known.listeners, known.published);
    return product(known.atHost.filter(isV4), ports).map((at) => ({ ...pair, ...at, way: 'address' }));
  }
  const direct = product(addressesOf(target), portsOf(known.listeners)).map((at) => ({
    ...pair,
    ...at,
    way: 'address' as const,
  }));
  const roundabout = publishedToOthers(target).flatMap((mapping) =>
    addressesFor(mapping, known.atHost).map((address) => ({
      ...pair,
      address,
      port: mapping.hostPort,
      way: 'published' as const,
    })),
  );
  return [...direct, ...roundabout];
}

/** The ports of a container that are tried. */
export function portsOf(listeners: SandboxFacts['listeners']): number[] {
  const listening = openPorts(listeners);
  return listening.length > 0 ? listening : [NOBODYS_PORT];
}

function product(addresses: string[], ports: number[]): { address: string; port: number }[] {
  return addresses.flatMap((address) => ports.map((port) => ({ address, port })));
}

function isV4(address: string): boolean {
  return !address.includes(':');
}
