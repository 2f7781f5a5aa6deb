/**
 * Where a student's points went: each loss by its reason. What cannot be judged because of something else is counted there, so
 * that one slip is one loss.
 */
import { lostThroughCause, followsFromCause } from './cause-text.ts';
import type { CriterionRecord, LabRecord } from './record.ts';

export interface Loss {
  lab: LabRecord;
  /**
   * `cause`: the lab was not brought up as it should be. `rule`: a rule failed, or could not be judged. `late`: it came too late.
   * `missing`, `invalid`: nothing could be graded.
   */
  reason: 'cause' | 'rule' | 'late' | 'missing' | 'invalid';
  points: number;
  /** For `rule`. */
  criterion?: CriterionRecord;
  /** What could not be judged, or failed, for this reason. */
  follows: CriterionRecord[];
}

/**
 * The losses of one lab, the greatest first. Together they are all points that the lab lacks, but for those of rules that could
 * not be judged through no fault of the student.
 *
 * @param lab As its reader may see it.
 */
export function lossesOf(lab: LabRecord): Loss[] {
  const { status, criteria, score, maxScore } = lab;
  // What changes no total is no loss.
  if (lab.counts === false) return [];
  if (status === 'missing' || status === 'invalid')
    return maxScore > score ? [{ lab, reason: status, points: maxScore - score, follows: [] }] : [];
  const lost = criteria.filter((each) => isLost(each, lab));
  const throughCause = lostThroughCause(lab) > 0 ? lost.filter((each) => followsFromCause(each, lab)) : [];
  const others = lost.filter((each) => !throughCause.includes(each));
  const roots = others.filter((each) => rootOf(each, others) === each);
  const rules = roots.map((criterion): Loss => {
    const follows = others.filter((each) => each !== criterion && rootOf(each, others) === criterion);
    return { lab, reason: 'rule', points: sumOf([criterion, ...follows]), criterion, follows };
  });
  const late = lab.late === undefined ? 0 : takenOff(criteria);
  return [
    ...(throughCause.length > 0
      ? [{ lab, reason: 'cause' as const, points: sumOf(throughCause), follows: throughCause }]
      : []),
    ...rules,
    ...(late > 0 ? [{ lab, reason: 'late' as const, points: late, follows: [] }] : []),
  ].toSorted((a, b) => b.points - a.points);
}

/** What lateness takes off rules that passed is a loss of its own. */
function isLost({ status, withheld, score, maxScore }: CriterionRecord, { late }: LabRecord): boolean {
  if (status === 'error' || withheld) return false;
  return status === 'failed' || (score < maxScore && (status === 'skipped' || late === undefined));
}

/** What is taken off rules that passed. */
function takenOff(criteria: CriterionRecord[]): number {
  return sumOf(criteria.filter(({ status }) => status === 'passed'));
}

function sumOf(criteria: CriterionRecord[]): number {
  return criteria.reduce((sum, { score, maxScore }) => sum + maxScore - score, 0);
}

/** The rule at the beginning of those that block each other. */
function rootOf(criterion: CriterionRecord, lost: CriterionRecord[]): CriterionRecord {
  let root = criterion;
  const met = [root];
  for (;;) {
    const next = lost.find(({ id }) => id === root.blockedBy);
    if (next === undefined) return root;
    const again = met.indexOf(next);
    // They block each other: the first of them stands for all.
    if (again >= 0) return lost.find((each) => met.slice(again).includes(each)) ?? root;
    met.push(next);
    root = next;
  }
}
