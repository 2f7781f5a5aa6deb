/** A lab's cause as reports show it: first of all, with the points that are lost through it. */
import type { CriterionRecord, LabRecord } from './record.ts';
import { hundredths } from './whole-points.ts';

/** The criterion that fails when the deployment did not bring up what the task asks for. */
const FIRST = 'containers-running';

/**
 * Points that are lost through the cause: those of the rule that containers run, and of all that cannot be judged because of
 * it. If there is no container at all, every lost point is lost through it.
 *
 * @param lab As its reader may see it.
 */
export function lostThroughCause({ cause, criteria, topology, status }: LabRecord): number {
  if (cause === undefined || status !== 'graded') return 0;
  const lost = criteria.filter((each) => followsFromCause(each, { criteria, topology }));
  return lost.reduce((sum, { score, maxScore }) => sum + maxScore - score, 0);
}

/** Whether a rule failed, or could not be judged, because the lab was not brought up as it should be. */
export function followsFromCause(
  { id, status, withheld }: CriterionRecord,
  { criteria, topology }: Pick<LabRecord, 'criteria' | 'topology'>,
): boolean {
  if ((status !== 'failed' && status !== 'skipped') || withheld) return false;
  const blocker = new Map(criteria.map((each) => [each.id, each.blockedBy]));
  const followsFrom = (of: string | undefined, steps = 0): boolean =>
    of === FIRST || (of !== undefined && steps < criteria.length && followsFrom(blocker.get(of), steps + 1));
  return topology.containers.length === 0 || followsFrom(id);
}

/** What the cause costs, as a clause; empty when it costs nothing. */
export function costOf(lab: LabRecord): string {
  const lost = lostThroughCause(lab);
  return lost > 0 ? `because of this: −${hundredths(lost)} points` : '';
}

/** The cause and what it costs, in one sentence that begins with a word of ours; undefined when there is none. */
export function causeSentence(lab: LabRecord): string | undefined {
  if (lab.cause === undefined) return undefined;
  const cost = costOf(lab);
  return `cause: ${lab.cause.says}${cost === '' ? '' : ` (${cost})`}`;
}

/** Where the cause was seen, as a command and its output; undefined when nothing is to be shown. */
export function causeEvidence({ cause }: LabRecord): { what: string; output: string } | undefined {
  const { what, output } = cause ?? {};
  return what === undefined || output === undefined ? undefined : { what, output };
}
