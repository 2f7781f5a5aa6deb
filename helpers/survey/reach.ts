/**
 * Who can open a TCP connection to whom: every role × (every other container and the lab host) × every address, port
 * and published port.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { EXPECTED_MS } from './attempts.ts';
import { askIn } from './sandboxes.ts';
import { beyond, placesOf, type Door } from './firewall/doors.ts';
import { THE_HOST, type ContainerFacts, type ReachFacts, type SandboxFacts } from './facts.ts';
import {
  addressesFor,
  addressesOf,
  hostAddresses,
  openPorts,
  portsTheEngineHolds,
  publishedToOthers,
  sharedAddresses,
  usesHostSandbox,
} from './subjects.ts';

/** Milliseconds. The kernel repeats the first packet after 1 s, so "no answer" means that two packets got no answer. */
const NO_ANSWER_MS = 1200;
/** A connection counts as unanswered only after this many times as long as the slowest one that opened. */
const PATIENCE = 10;

/**
 * If a container listens on no port, an unused port is tried (discard, RFC 863). If the packet arrives, the connection
 * is refused.
 */
const NOBODYS_PORT = 9;

type Target = Pick<ReachFacts, 'from' | 'to' | 'address' | 'port' | 'way'>;

/**
 * Tries all connections at once, so that all unanswered ones wait at the same time, and gives more time to those that
 * need it. Then it tries the opened ones again: so each of them is known to have been open before and after every
 * unanswered one, for which it is the control.
 *
 * @param disturbed Settles when the experiment with backends is over, with the names of the containers that may have
 *   been silent only because of it. Connections to these that got no answer are tried again.
 * @param doors Rules of the firewall that forward.
 */
export async function surveyReach(
  host: LabHost,
  sources: ContainerFacts[],
  containers: ContainerFacts[],
  sandboxes: Record<string, SandboxFacts>,
  disturbed: Promise<ReadonlySet<string>> = Promise.resolve(new Set()),
  doors: Door[] = [],
): Promise<ReachFacts[]> {
  const atHost = await hostAddresses(host);
  const published = portsTheEngineHolds(containers);
  const byName = new Map(sources.map((source) => [source.name, source]));
  const forwarded = placesOf(doors, atHost).flatMap(({ door, address, port }) => {
    const to = beyond(door, containers)?.container;
    return to === undefined ? [] : [{ to, address, port, way: 'forwarded' as const }];
  });
  const targets = sources.flatMap((source) => [
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
  /** @returns undefined when the container from which it is tried is gone. */
  const tryOnce = async (target: Target, timeoutMs: number): Promise<ReachFacts | undefined> => {
    const { from, address, port } = target;
    const answer = await askIn(host, byName.get(from)!, { ask: 'connect', address, port, timeoutMs });
    return answer && { ...target, ...answer };
  };
  const neighbours = new Map(
    sources.map((source) => [source.name, containers.flatMap((to) => sharedAddresses(source, to))]),
  );
  const isExpected = ({ from, address, way }: Target): boolean =>
    way === 'own-sandbox' || (neighbours.get(from)?.includes(address) ?? false);
  const first = there(await Promise.all(targets.map((target) => tryOnce(target, NO_ANSWER_MS))));
  const slowest = Math.max(0, ...first.filter(({ outcome }) => outcome === 'open').map(({ ms }) => ms));
  const doubtful = await disturbed;
  const settled = await Promise.all(
    first.map(async (fact) => {
      const patient = Math.max(slowest * PATIENCE, isExpected(fact) ? EXPECTED_MS : 0, NO_ANSWER_MS);
      const once = patient === NO_ANSWER_MS && !doubtful.has(fact.to);
      return fact.outcome !== 'no-answer' || once ? fact : tryOnce(fact, patient);
    }),
  );
  const tried = await Promise.all(
    there(settled).map(async (fact) => {
      if (fact.outcome !== 'open') return fact;
      const again = await tryOnce(fact, EXPECTED_MS);
      return again && { ...fact, again: again.outcome };
    }),
  );
  return there(tried);
}

function there(facts: (ReachFacts | undefined)[]): ReachFacts[] {
  return facts.filter((each) => each !== undefined);
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
  const listening = openPorts(known.listeners);
  const ports = listening.length > 0 ? listening : [NOBODYS_PORT];
  const direct = product(addressesOf(target), ports).map((at) => ({
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

function product(addresses: string[], ports: number[]): { address: string; port: number }[] {
  return addresses.flatMap((address) => ports.map((port) => ({ address, port })));
}

function isV4(address: string): boolean {
  return !address.includes(':');
}
