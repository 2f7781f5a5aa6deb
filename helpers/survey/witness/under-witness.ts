/** Tries connections or pings while a witness listens, who says of those without an answer what became of their packets. */
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { Attempt } from '../attempts.ts';
import type { ContainerFacts } from '../facts.ts';
import type { Look } from '../look.ts';
import { portsOf } from '../reach-targets.ts';
import { usesHostSandbox } from '../subjects.ts';
import { controlled, sendControls, type Control } from './controls.ts';
import { hadTime, interfacesIn, SETTLED_MS, slowestOf, trailOf, type Mark } from './trail.ts';
import { Witness } from './witness.ts';

/** What is known of the stage before anything is tried. */
export type Stage = Pick<Look, 'networks' | 'sandboxes' | 'host' | 'firewall'>;

/** Of a ping, its identifier, sequence number and data as far as they tell it from others. */
const PAYLOAD = 64;

export interface Tries<Tried extends Attempt> {
  /** Tries everything once. @param waitMs How long an answer is waited for. */
  tryAll: (waitMs: number) => Promise<Tried[]>;
  /** How long, where nobody can listen. */
  blindMs: number;
  /** Which packet it was. */
  markOf: (tried: Tried) => Mark;
}

/**
 * @param containers In whose sandboxes a witness listens.
 * @returns what was tried, `arrived` or `lost` where that is known; and how long an answer was waited for.
 * @throws {InfrastructureError} when the witness did not see what must have arrived.
 */
export async function underWitness<Tried extends Attempt>(
  host: LabHost,
  containers: ContainerFacts[],
  stage: Stage,
  { tryAll, blindMs, markOf }: Tries<Tried>,
): Promise<{ tried: Tried[]; waitedMs: number }> {
  await using witness = await Witness.listen(host, containers, { what: 'attempts', payload: PAYLOAD });
  if (witness === undefined) return { tried: await tryAll(blindMs), waitedMs: blindMs };
  const heard = containers.filter((each) => !usesHostSandbox(each));
  const control = (): Promise<Control[]> =>
    sendControls(host, heard, stage.networks, ({ name }) => portsOf(stage.sandboxes[name]?.listeners ?? []));
  const before = await control();
  const tried = await tryAll(SETTLED_MS);
  const after = await control();
  const captures = await witness.end();
  const certain = controlled(captures, [before, after]);
  const named = interfacesIn(stage.sandboxes, stage.host);
  const trails = tried.map((each) => trailOf(captures, { from: each.from, to: each.to, ...markOf(each) }, named));
  const slowestMs = slowestOf(trails);
  const seen = tried.map((each, i) => {
    const trail = trails[i]!;
    if (each.outcome === 'no-answer' && trail.answer) return { ...each, outcome: trail.answer };
    if (!certain.has(each.to)) return each;
    const isKnown = trail.fate === 'arrived' || (trail.fate === 'lost' && hadTime(trail, slowestMs));
    const outcome = each.outcome === 'no-answer' && isKnown ? trail.fate : each.outcome;
    return { ...each, outcome, ...(trail.stations.length > 0 && { stations: trail.stations }) };
  });
  return { tried: seen, waitedMs: SETTLED_MS };
}
