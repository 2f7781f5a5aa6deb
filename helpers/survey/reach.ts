/**
 * Who can open a TCP connection to whom: every role × every other container and the lab host × every address, port and
 * way round.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { EXPECTED_MS } from './attempts.ts';
import { THE_HOST, type ContainerFacts, type ReachFacts, type SandboxFacts } from './facts.ts';
import {
  addressesFor,
  addressesOf,
  hostAddresses,
  openPorts,
  placeOf,
  portsTheEngineHolds,
  publishedToOthers,
  sharedAddresses,
  usesHostSandbox,
} from './subjects.ts';

/** Long enough for a second SYN (the kernel repeats the first after 1 s): a "no answer" has held twice. */
const NO_ANSWER_MS = 1200;
/** The slowest connection that opened, times this, must fit into the wait for those that did not. */
const PATIENCE = 10;

/**
 * Where nothing listens, a port that nobody uses is tried (discard, RFC 863): that the packet arrived shows in its
 * being refused.
 */
const NOBODYS_PORT = 9;

type Target = Pick<ReachFacts, 'from' | 'to' | 'address' | 'port' | 'way'>;

/**
 * Tries all connections at once, so that all negatives wait together, and gives those time that need it; then the opened
 * ones once more, so that a control is known to have been open before and after every negative.
 *
 * @param disturbed Ends when nothing is disturbed any more, with the containers that may have been silent for that reason
 *   and no other: what they did not answer is asked again.
 */
export async function surveyReach(
  host: LabHost,
  sources: ContainerFacts[],
  containers: ContainerFacts[],
  sandboxes: Record<string, SandboxFacts>,
  disturbed: Promise<ReadonlySet<string>> = Promise.resolve(new Set()),
): Promise<ReachFacts[]> {
  const atHost = await hostAddresses(host);
  const published = portsTheEngineHolds(containers);
  const places = new Map(sources.map((source) => [source.name, placeOf(source)]));
  const targets = sources.flatMap((source) => [
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
  const tryOnce = async (target: Target, timeoutMs: number): Promise<ReachFacts> => ({
    ...target,
    ...(await host.ask(places.get(target.from)!, {
      ask: 'connect',
      address: target.address,
      port: target.port,
      timeoutMs,
    })),
  });
  const neighbours = new Map(
    sources.map((source) => [source.name, containers.flatMap((to) => sharedAddresses(source, to))]),
  );
  const isExpected = ({ from, address, way }: Target): boolean =>
    way === 'own-sandbox' || (neighbours.get(from)?.includes(address) ?? false);
  const first = await Promise.all(targets.map((target) => tryOnce(target, NO_ANSWER_MS)));
  const slowest = Math.max(0, ...first.filter(({ outcome }) => outcome === 'open').map(({ ms }) => ms));
  const doubtful = await disturbed;
  const settled = await Promise.all(
    first.map(async (fact) => {
      const patient = Math.max(slowest * PATIENCE, isExpected(fact) ? EXPECTED_MS : 0, NO_ANSWER_MS);
      const once = patient === NO_ANSWER_MS && !doubtful.has(fact.to);
      return fact.outcome !== 'no-answer' || once ? fact : tryOnce(fact, patient);
    }),
  );
  return Promise.all(
    settled.map(async (fact) =>
      fact.outcome === 'open' ? { ...fact, again: (await tryOnce(fact, EXPECTED_MS)).outcome } : fact,
    ),
  );
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
