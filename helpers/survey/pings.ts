/** Who gets an answer to a ping, by address: every role and the lab host towards every container. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { EXPECTED_MS } from './attempts.ts';
import { THE_HOST, type ContainerFacts, type NetworkFacts, type PingFacts } from './facts.ts';
import type { PingAnswer } from '../machine/probe/protocol.ts';
import { askIn } from './sandboxes.ts';
import { addressesOf, sharedAddresses } from './subjects.ts';

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
    ...targetsIn(near).map((target) => ({ source: undefined, expected: true, ...target })),
    ...sources.flatMap((source) =>
      containers
        .filter(({ id }) => id !== source.id)
        .flatMap((container) =>
          targetsIn([container]).map((target) => ({
            source,
            expected: sharedAddresses(source, container).includes(target.address),
            ...target,
          })),
        ),
    ),
  ];
  const answered = await Promise.all(
    pairs.map(async ({ source, to, address, expected }) => {
      const ping = (timeoutMs: number): Promise<PingAnswer | undefined> => {
        const question = { ask: 'ping', address, timeoutMs } as const;
        return source === undefined ? host.ask('host', question) : askIn(host, source, question);
      };
      const first = await ping(NO_ANSWER_MS);
      const answer = expected && first?.outcome === 'no-answer' ? await ping(EXPECTED_MS) : first;
      return answer && { from: source?.name ?? THE_HOST, to, address, ...answer };
    }),
  );
  return answered.filter((each) => each !== undefined);
}

function targetsIn(containers: ContainerFacts[]): { to: string; address: string }[] {
  return containers.flatMap((container) =>
    addressesOf(container)
      .filter((address) => !address.includes(':'))
      .map((address) => ({ to: container.name, address })),
  );
}
