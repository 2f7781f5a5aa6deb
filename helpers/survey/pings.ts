/** Who gets an answer to a ping, by address: every role and the lab host towards every container. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { EXPECTED_MS } from './attempts.ts';
import { THE_HOST, type ContainerFacts, type NetworkFacts, type PingFacts } from './facts.ts';
import type { PingAnswer } from '../machine/probe/protocol.ts';
import { addressesOf, placeOf, sharedAddresses } from './subjects.ts';

const NO_ANSWER_MS = 1_000;

export async function surveyPings(
  host: LabHost,
  sources: ContainerFacts[],
  containers: ContainerFacts[],
  networks: NetworkFacts[],
): Promise<PingFacts[]> {
  // The lab host is only on its bridge networks: packets to addresses of an overlay network would leave it.
  const bridges = networks.filter(({ driver }) => driver === 'bridge').map(({ id }) => id);
  const near = containers.map((each) => ({
    ...each,
    attachments: each.attachments.filter(({ networkId }) => bridges.includes(networkId)),
  }));
  const pairs = [
    ...targetsIn(near).map((target) => ({ from: THE_HOST, place: 'host' as const, expected: true, ...target })),
    ...sources.flatMap((source) =>
      containers
        .filter(({ id }) => id !== source.id)
        .flatMap((container) =>
          targetsIn([container]).map((target) => ({
            from: source.name,
            place: placeOf(source),
            expected: sharedAddresses(source, container).includes(target.address),
            ...target,
          })),
        ),
    ),
  ];
  return Promise.all(
    pairs.map(async ({ from, place, to, address, expected }) => {
      const ping = (timeoutMs: number): Promise<PingAnswer> => host.ask(place, { ask: 'ping', address, timeoutMs });
      const first = await ping(NO_ANSWER_MS);
      const answer = expected && first.outcome === 'no-answer' ? await ping(EXPECTED_MS) : first;
      return { from, to, address, ...answer };
    }),
  );
}

function targetsIn(containers: ContainerFacts[]): { to: string; address: string }[] {
  return containers.flatMap((container) =>
    addressesOf(container)
      .filter((address) => !address.includes(':'))
      .map((address) => ({ to: container.name, address })),
  );
}
