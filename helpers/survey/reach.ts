/**
 * Who can open a TCP connection to whom. Where a witness can listen, it is seen whether a packet that nobody answered has
 * arrived; where none can, two packets without an answer have to do.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { EXPECTED_MS } from './attempts.ts';
import type { ContainerFacts, ReachFacts } from './facts.ts';
import { targetsOf, type Target } from './reach-targets.ts';
import { askIn } from './sandboxes.ts';
import { sharedAddresses } from './subjects.ts';
import { firstOf } from './witness/trail.ts';
import { underWitness, type Stage } from './witness/under-witness.ts';

/** Milliseconds. The kernel repeats the first packet after 1 s, so "no answer" means that two packets got no answer. */
const NO_ANSWER_MS = 1200;
/** Without a witness, a connection counts as unanswered only after this many times as long as the slowest that opened. */
const PATIENCE = 10;

/** Everybody from whom and to whom connections are tried. */
export interface Parties {
  sources: ContainerFacts[];
  /** On this machine. */
  containers: ContainerFacts[];
  /** On another one: nobody can listen there. */
  elsewhere?: ContainerFacts[];
}

/**
 * Tries all connections at once, so that all unanswered ones wait at the same time, and gives more time to those that
 * need it. Then it tries the opened ones again: so each of them is known to have been open before and after every
 * unanswered one, for which it is the control.
 *
 * @param disturbed Settles when the experiment with backends is over, with the names of the containers that may have
 *   been silent only because of it. Connections to these of which nothing is known but that they got no answer are tried again.
 */
export async function surveyReach(
  host: LabHost,
  { sources, containers, elsewhere = [] }: Parties,
  stage: Stage,
  disturbed: Promise<ReadonlySet<string>> = Promise.resolve(new Set()),
): Promise<ReachFacts[]> {
  const everybody = [...containers, ...elsewhere];
  const targets = await targetsOf(host, sources, everybody, stage.sandboxes, stage.firewall?.doors ?? []);
  const byName = new Map(sources.map((source) => [source.name, source]));
  const tryOnce = async (target: Target, timeoutMs: number): Promise<ReachFacts | undefined> => {
    const { from, address, port } = target;
    const answer = await askIn(host, byName.get(from)!, { ask: 'connect', address, port, timeoutMs });
    return answer && { ...target, ...answer };
  };
  const neighbours = new Map(
    sources.map((source) => [source.name, everybody.flatMap((to) => sharedAddresses(source, to))]),
  );
  const isExpected = ({ from, address, way }: Target): boolean =>
    way === 'own-sandbox' || (neighbours.get(from)?.includes(address) ?? false);
  const { tried: first, waitedMs } = await underWitness<ReachFacts>(host, containers, stage, {
    tryAll: async (waitMs) => there(await Promise.all(targets.map((target) => tryOnce(target, waitMs)))),
    blindMs: NO_ANSWER_MS,
    markOf: firstOf,
  });
  const slowest = Math.max(0, ...first.filter(({ outcome }) => outcome === 'open').map(({ ms }) => ms));
  const doubtful = first.some(({ outcome }) => outcome === 'no-answer') ? await disturbed : new Set<string>();
  /** How long to wait for an answer once more; 0 if nothing is to be expected of it. */
  const moreMs = (fact: ReachFacts): number => {
    const expectedMs = isExpected(fact) ? EXPECTED_MS : 0;
    const patientMs = Math.max(slowest * PATIENCE, expectedMs, NO_ANSWER_MS);
    if (fact.outcome === 'no-answer') return patientMs > waitedMs || doubtful.has(fact.to) ? patientMs : 0;
    if (fact.outcome === 'arrived') return Math.max(expectedMs, NO_ANSWER_MS);
    return fact.outcome === 'lost' && isExpected(fact) ? NO_ANSWER_MS : 0;
  };
  const settled = await Promise.all(
    first.map(async (fact) => {
      const ms = moreMs(fact);
      if (ms === 0) return fact;
      const later = await tryOnce(fact, ms);
      return later?.outcome === 'no-answer' ? fact : later;
    }),
  );
  return there(
    await Promise.all(
      there(settled).map(async (fact) => {
        if (fact.outcome !== 'open') return fact;
        const again = await tryOnce(fact, EXPECTED_MS);
        return again && { ...fact, again: again.outcome };
      }),
    ),
  );
}

function there(facts: (ReachFacts | undefined)[]): ReachFacts[] {
  return facts.filter((each) => each !== undefined);
}
