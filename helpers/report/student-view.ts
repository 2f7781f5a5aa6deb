/**
 * A record as its student may see it: without rules that the course hides, or hides until the due date. Every format
 * that a student reads is made from this, so that this is the only place where something could leak.
 */
import { limitsMet } from './limits-met.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from './record.ts';
import { tidy, total } from './whole-points.ts';

/**
 * @param now Compared with the lab's due date.
 * @returns a record whose sums count only what it shows: a total over everything would reveal the result of hidden
 *   rules.
 */
export function studentView(record: StudentRecord, now: Date): StudentRecord {
  const labs = record.labs.map((lab) => labView(lab, now));
  return { ...record, labs, ...total(labs) };
}

/** Whether a student may see a criterion of this lab. */
export function isShown({ visibility }: CriterionRecord, { due }: Pick<LabRecord, 'due'>, now: Date): boolean {
  if (visibility === undefined) return true;
  return visibility === 'after_due_date' && due !== undefined && new Date(due) <= now;
}

/** The same of one lab. */
export function labView(whole: LabRecord, now: Date): LabRecord {
  const lab = { ...whole };
  delete lab.fingerprint; // only instructors look for copies
  delete lab.run; // only instructors choose the machine
  if (lab.policy !== undefined) lab.policy = { ...lab.policy, calls: [] };
  const shown = lab.criteria.filter((criterion) => isShown(criterion, lab, now));
  const kept = lab.criteria.filter((criterion) => !shown.includes(criterion));
  if (kept.length === 0) return lab;
  const { networks, containers } = lab.topology;
  return {
    ...lab,
    ...total(shown),
    message: [
      noteOn(kept, lab),
      ...(lab.status === 'error' ? ['could not be graded completely; run again'] : []),
      ...limitsMet(lab),
    ].join('; '),
    criteria: shown.map((criterion) => withoutHidden(criterion, kept)),
    // Without what was expected: beside what was seen, it would reveal the hidden rules.
    topology: { networks, containers },
  };
}

function noteOn(kept: CriterionRecord[], { due }: LabRecord): string {
  const { maxScore } = total(kept);
  const waiting = due !== undefined && kept.every(({ visibility }) => visibility === 'after_due_date');
  const rules = kept.length === 1 ? '1 more rule counts' : `${kept.length} more rules count`;
  return `${rules} (${tidy(maxScore)} points) and ${kept.length === 1 ? 'is' : 'are'} not shown${waiting ? ` before ${due}` : ''}`;
}

/** If a hidden rule blocks a criterion, the criterion neither names it nor shows what was seen of it. */
export function withoutHidden(criterion: CriterionRecord, kept: CriterionRecord[]): CriterionRecord {
  const { blockedBy, ...rest } = criterion;
  if (!kept.some(({ id }) => id === blockedBy)) return criterion;
  return { ...rest, actual: 'it could not be judged, because of a rule that is not shown', evidence: [] };
}
