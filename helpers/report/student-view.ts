/**
 * A record as its student may see it: without rules that the course hides, or hides until the due date. Every format
 * that a student reads is made from this, so that this is the only place where something could leak.
 */
import { attemptsView } from './attempts.ts';
import { limitsMet } from './limits-met.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from './record.ts';
import { hundredths, tidy, total, totalOf } from './whole-points.ts';

/**
 * @param now Compared with the lab's due date.
 * @returns a record whose sums count only what it shows: a total over everything would reveal the result of hidden
 *   rules.
 */
export function studentView(record: StudentRecord, now: Date): StudentRecord {
  const labs = record.labs.map((lab) => labView(lab, now));
  return { ...record, labs, ...totalOf(labs) };
}

/** Whether a student may see a criterion of this lab. */
export function isShown({ visibility }: CriterionRecord, lab: Pick<LabRecord, 'due'>, now: Date): boolean {
  return isVisible(visibility, lab, now);
}

function isVisible(visibility: CriterionRecord['visibility'], { due }: Pick<LabRecord, 'due'>, now: Date): boolean {
  if (visibility === undefined) return true;
  return visibility === 'after_due_date' && due !== undefined && new Date(due) <= now;
}

/** The same of one lab. */
export function labView(whole: LabRecord, now: Date): LabRecord {
  const lab = { ...whole };
  delete lab.fingerprint; // only instructors look for copies
  delete lab.run; // only instructors choose the machine
  if (lab.policy !== undefined) lab.policy = { ...lab.policy, calls: [] };
  withoutHiddenOverrides(lab, now);
  const shown = lab.criteria.filter((criterion) => isShown(criterion, lab, now));
  const kept = lab.criteria.filter((criterion) => !shown.includes(criterion));
  if (lab.attempts !== undefined) lab.attempts = attemptsView(lab.attempts, kept.length === 0);
  if (kept.length === 0) return untilDue(lab, now);
  const { networks, containers } = lab.topology;
  const view = {
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
  return untilDue(view, now);
}

/** What is given by hand in a lab without criteria, less what a student may not see of it. */
function withoutHiddenOverrides(lab: LabRecord, now: Date): void {
  if (lab.overrides === undefined) return;
  const shown = lab.overrides.filter(({ visibility }) => isVisible(visibility, lab, now));
  const hidden = lab.overrides.filter((each) => !shown.includes(each));
  lab.score = Math.max(0, hundredths(lab.score - hidden.reduce((sum, { points }) => sum + points, 0)));
  if (shown.length > 0) lab.overrides = shown;
  else delete lab.overrides;
}

/**
 * Until a lab is due, the course may show less of rules that did not pass: of `seen`, what was seen, but neither what was
 * expected nor a hint; of `verdict`, nothing but that. Then pictures and the cause, which would show the same, are less, too.
 */
function untilDue(lab: LabRecord, now: Date): LabRecord {
  const { due } = lab;
  if (due === undefined || new Date(due) <= now) return lab;
  const less = lab.criteria.filter(
    ({ status, shows }) => shows !== undefined && (status === 'failed' || status === 'skipped'),
  );
  if (less.length === 0) return lab;
  const { cause, ...rest } = lab;
  const onlyVerdicts = less.some(({ shows }) => shows === 'verdict');
  const { networks, containers } = lab.topology;
  return {
    ...rest,
    ...(onlyVerdicts || cause === undefined ? {} : { cause }),
    criteria: lab.criteria.map((criterion) => (less.includes(criterion) ? withLess(criterion, due) : criterion)),
    topology: onlyVerdicts ? { networks: [], containers: [] } : { networks, containers },
  };
}

function withLess(criterion: CriterionRecord, due: string): CriterionRecord {
  if (criterion.shows === 'seen') return { ...criterion, expected: '', hint: '' };
  return { ...criterion, expected: '', hint: '', actual: `what was seen is shown after ${due}`, evidence: [] };
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
