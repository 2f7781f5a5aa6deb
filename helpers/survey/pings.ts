/** Who gets an answer to a ping, by address: every role and the lab host towards every container. */
import type { LabHost } from '../lab-host/lab-host.ts';
import { THE_HOST, type ContainerFacts, type PingFacts } from './facts.ts';
import { addressesOf, placeOf } from './subjects.ts';

const NO_ANSWER_MS = 1_000;

export async function surveyPings(
  host: LabHost,
  sources: ContainerFacts[],
  containers: ContainerFacts[],
): Promise<PingFacts[]> {
  const places = [
    { from: THE_HOST, place: 'host' as const },
    ...sources.map((source) => ({ from: source.name, place: placeOf(source) })),
  ];
  const targets = containers.flatMap((container) =>
    addressesOf(container)
      .filter((address) => !address.includes(':'))
      .map((address) => ({ to: container.name, address })),
  );
  const pairs = places.flatMap((place) =>
    targets.filter(({ to }) => to !== place.from).map((to) => ({ ...place, ...to })),
  );
  return Promise.all(
    pairs.map(async ({ from, place, to, address }) => ({
      from,
      to,
      address,
      ...(await host.ask(place, { ask: 'ping', address, timeoutMs: NO_ANSWER_MS })),
    })),
  );
}
