/** Who gets an answer to a ping, by address: every role and the lab host towards every container. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { EXPECTED_MS } from './attempts.ts';
import { THE_HOST, type ContainerFacts, type PingFacts } from './facts.ts';
import type { Parties } from './reach.ts';
import { askIn } from './sandboxes.ts';
import { addressesOf, sharedAddresses } from './subjects.ts';
import { echoTo } from './witness/trail.ts';
import { underWitness, type Stage } from './witness/under-witness.ts';

const NO_ANSWER_MS = 1_000;

type Pair = Pick<PingFacts, 'from' | 'to' | 'address'>;

export async function surveyPings(
  host: LabHost,
  { sources, containers, elsewhere = [] }: Parties,
  stage: Stage,
): Promise<PingFacts[]> {
  const everybody = [...containers, ...elsewhere];
  const byName = new Map(sources.map((source) => [source.name, source]));
  const expected = new Map(
    sources.map((source) => [source.name, everybody.flatMap((to) => sharedAddresses(source, to))]),
  );
  const isExpected = ({ from, address }: Pair): boolean =>
    from === THE_HOST || (expected.get(from)?.includes(address) ?? false);
  // The lab host is only on its bridge networks: packets to addresses of an overlay network would leave it.
  const bridges = stage.networks.filter(({ driver }) => driver === 'bridge').map(({ id }) => id);
  const near = everybody.map((each) => ({
    ...each,
    attachments: each.attachments.filter(({ networkId }) => bridges.includes(networkId)),
  }));
  const pairs: Pair[] = [
    ...targetsIn(near).map((target) => ({ from: THE_HOST, ...target })),
    ...sources.flatMap((source) =>
      targetsIn(everybody.filter(({ id }) => id !== source.id)).map((target) => ({ from: source.name, ...target })),
    ),
  ];
  const ping = async (pair: Pair, timeoutMs: number): Promise<PingFacts | undefined> => {
    const question = { ask: 'ping', address: pair.address, timeoutMs } as const;
    const source = byName.get(pair.from);
    const answer = source === undefined ? await host.ask('host', question) : await askIn(host, source, question);
    return answer && { ...pair, ...answer };
  };
  const { tried, waitedMs } = await underWitness<PingFacts>(host, containers, stage, {
    tryAll: async (waitMs) => there(await Promise.all(pairs.map((pair) => ping(pair, waitMs)))),
    blindMs: NO_ANSWER_MS,
    markOf: ({ address }) => echoTo(address),
  });
  const settled = await Promise.all(
    tried.map(async (fact) => {
      const ms = moreMs(fact, isExpected(fact), waitedMs);
      if (ms === 0) return fact;
      const later = await ping(fact, ms);
      return later?.outcome === 'no-answer' ? fact : later;
    }),
  );
  return there(settled);
}

/** How long an answer is waited for once more; 0 if nothing is to be expected of it. */
function moreMs({ outcome }: PingFacts, expected: boolean, waitedMs: number): number {
  if (outcome === 'lost') return expected ? NO_ANSWER_MS : 0;
  if (outcome === 'arrived') return expected ? EXPECTED_MS : NO_ANSWER_MS;
  if (outcome !== 'no-answer') return 0;
  const patientMs = expected ? EXPECTED_MS : NO_ANSWER_MS;
  return patientMs > waitedMs ? patientMs : 0;
}

function there(pings: (PingFacts | undefined)[]): PingFacts[] {
  return pings.filter((each) => each !== undefined);
}

function targetsIn(containers: ContainerFacts[]): { to: string; address: string }[] {
  return containers.flatMap((container) =>
    addressesOf(container)
      .filter((address) => !address.includes(':'))
      .map((address) => ({ to: container.name, address })),
  );
}
