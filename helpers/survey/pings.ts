/** Who gets an answer to a ping, by address: every role and the lab host towards every container. */
import type { LabHost } from '../lab-host/lab-host.ts';
import { THE_HOST, type ContainerFacts, type NetworkFacts, type PingFacts } from './facts.ts';
import { addressesOf, placeOf } from './subjects.ts';

const NO_ANSWER_MS = 1_000;

export async function surveyPings(
  host: LabHost,
  sources: ContainerFacts[],
  containers: ContainerFacts[],
  networks: NetworkFacts[],
): Promise<PingFacts[]> {
  // The lab host stands on its bridges only: packets to an overlay's addresses would leave it.
  const bridges = networks.filter(({ driver }) => driver === 'bridge').map(({ id }) => id);
  const near = containers.map((each) => ({
    ...each,
    attachments: each.attachments.filter(({ networkId }) => bridges.includes(networkId)),
  }));
  const pairs = [
    ...targetsIn(near).map((target) => ({ from: THE_HOST, place: 'host' as const, ...target })),
    ...sources.flatMap((source) =>
      targetsIn(containers.filter(({ id }) => id !== source.id)).map((target) => ({
        from: source.name,
        place: placeOf(source),
        ...target,
      })),
    ),
  ];
  return Promise.all(
    pairs.map(async ({ from, place, to, address }) => ({
      from,
      to,
      address,
      ...(await host.ask(place, { ask: 'ping', address, timeoutMs: NO_ANSWER_MS })),
    })),
  );
}

function targetsIn(containers: ContainerFacts[]): { to: string; address: string }[] {
  return containers.flatMap((container) =>
    addressesOf(container)
      .filter((address) => !address.includes(':'))
      .map((address) => ({ to: container.name, address })),
  );
}
