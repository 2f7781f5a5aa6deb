/** Grades the same cases of the corpus again, in another order and with other neighbours: no verdict may differ. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { LabRecord } from '../../helpers/report/record.ts';
import { DEFAULT_GENERATION } from '../../helpers/machine/setup/generations.ts';
import { casesOf, layOut, type Case } from './corpus.ts';
import { criteriaWith, grade, labOf, workspace } from './grade.ts';
import { showSurprise } from './surprise.ts';

export interface Round {
  /** How many lab hosts at a time. */
  jobs: number;
  /** Decides the order. */
  seed: string;
}

interface Entry {
  lab: string;
  case: Case;
}

/** What must be the same each time, by `lab/case`. */
export type Outcomes = Record<string, { status: string; failed: string[]; error: string[]; unjudged: string[] }>;

export function entriesOf(labs: string[], choose: (each: Case) => boolean): Entry[] {
  return labs.flatMap((lab) =>
    casesOf(lab)
      .filter((each) => each.engines.includes(DEFAULT_GENERATION) && choose(each))
      .map((each) => ({ lab, case: each })),
  );
}

/** What expected.yaml says of them. */
export function expectedOf(entries: Entry[]): Outcomes {
  return byName(entries, ({ case: { status, fails } }) => ({
    status,
    failed: [...fails].sort(),
    error: [],
    unjudged: [],
  }));
}

/** Grades each case as a student of its own. */
export async function outcomesOf(entries: Entry[], { jobs, seed }: Round): Promise<Outcomes> {
  using place = workspace();
  const students = new Map(shuffled(entries, seed).map((entry, rank) => [entry, studentAt(rank)]));
  for (const [{ lab, case: each }, student] of students) layOut(lab, each, place.submissions, student);
  const labs = [...new Set(entries.map(({ lab }) => lab))].flatMap((lab) => ['--lab', lab]);
  const { exitCode, stderr } = await grade([
    ...['--submissions', place.submissions, '--out', place.out, '--format', 'json', '--jobs', String(jobs)],
    ...labs,
  ]);
  if (exitCode !== 0) throw new Error(`the round with ${jobs} jobs and the seed "${seed}" failed:\n${stderr}`);
  const recordOf = (entry: Entry): LabRecord => labOf(place.out, students.get(entry)!, entry.lab);
  const outcomes = byName(entries, (entry) => outcomeOf(recordOf(entry)));
  const odd = differing(outcomes, expectedOf(entries));
  for (const entry of entries.filter((each) => odd.includes(nameOf(each))))
    showSurprise(nameOf(entry), recordOf(entry), entry.case.fails);
  return outcomes;
}

function outcomeOf(record: LabRecord): Outcomes[string] {
  return {
    status: record.status,
    failed: criteriaWith(record, 'failed'),
    error: criteriaWith(record, 'error'),
    unjudged: unblocked(record),
  };
}

/** Criteria that were not judged though nothing stands in the way that failed, or was not judged itself. */
export function unblocked({ criteria }: LabRecord): string[] {
  const standsInTheWay = ['failed', 'skipped'];
  return criteria
    .filter(({ status }) => status === 'skipped')
    .filter(({ blockedBy }) => !standsInTheWay.includes(criteria.find(({ id }) => id === blockedBy)?.status ?? ''))
    .map(({ id }) => id);
}

/** The cases whose outcome is not the expected one. */
export function differing(outcomes: Outcomes, expected: Outcomes): string[] {
  return Object.keys(expected).filter((name) => !isDeepStrictEqual(outcomes[name], expected[name]));
}

/** Students are graded in the order of their names. */
function studentAt(rank: number): string {
  return `student-${String(rank).padStart(4, '0')}`;
}

function shuffled(entries: Entry[], seed: string): Entry[] {
  const rank = (entry: Entry): string =>
    createHash('sha256')
      .update(`${seed} ${nameOf(entry)}`)
      .digest('hex');
  return entries.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

function nameOf({ lab, case: { name } }: Entry): string {
  return `${lab}/${name}`;
}

function byName(entries: Entry[], outcome: (entry: Entry) => Outcomes[string]): Outcomes {
  return Object.fromEntries(entries.map((entry) => [nameOf(entry), outcome(entry)]));
}
