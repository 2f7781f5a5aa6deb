/** Which labs need not be graded again: what was handed in, the rules and the kind of machine are the same as last time. */
import { createHash } from 'node:crypto';
import type { GradableLab } from '../lab/catalogue.ts';
import { latestRun } from '../report/attempts.ts';
import { isFinished, type GradingStamp, type LabRecord } from '../report/record.ts';
import { misfitOf } from '../report/rubric/apply.ts';
import type { Rubric } from '../report/rubric/rubric.ts';
import type { Submission } from '../submission/submission.ts';

const DIGITS = 12;

/** Under which conditions a run grades. */
export interface Conditions {
  /** The kind of machines, in words; see `gradedOn` (options.ts). */
  on: string;
  /** A digest of the programs and specs; see program.ts. */
  program: string;
  /** Grade also what is unchanged since it was graded. */
  again: boolean;
}

interface Work {
  lab: GradableLab;
  /** Absent when it was not handed in. */
  submission: Submission | undefined;
}

/** What a run says in each record of the conditions under which it was graded. */
export function stampOf(
  { lab, submission }: Work,
  { on, program }: Pick<Conditions, 'on' | 'program'>,
  startedAt: string,
): GradingStamp {
  return { startedAt, on, rules: rulesOf(lab, program), ...(submission && { submission: submission.digest }) };
}

/** Whether grading would give this result again. */
export function isUnchanged(
  last: LabRecord,
  work: Work,
  conditions: Conditions & { rubric: Rubric },
): last is LabRecord & { run: GradingStamp } {
  const { again, rubric } = conditions;
  const run = latestRun(last);
  if (again || !isFinished(last) || last.run === undefined || run === undefined) return false;
  const { on, rules, submission } = stampOf(work, conditions, run.startedAt);
  const isSame = run.on === on && run.rules === rules && run.submission === submission;
  return isSame && work.submission !== undefined && misfitOf({ labs: [last] }, rubric) === undefined;
}

/** A course's own topology is not among the specs. */
function rulesOf({ topology }: GradableLab, program: string): string {
  return short(`${program} ${topology === undefined ? '' : JSON.stringify(topology)}`);
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, DIGITS);
}
