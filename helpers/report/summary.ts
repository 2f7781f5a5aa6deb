/** summary.json: the class at a glance, and what a later run needs to complete an incomplete one. */
import { similarGroups, type SimilarGroup } from './similarity/groups.ts';
import type { StudentRecord } from './record.ts';

/** Where a run's time went, beside what each lab's record says of its own. */
export interface RunTimes {
  /**
   * Milliseconds, one after the other: until the first lab could begin; grading, with a record written as soon as it was
   * whole; printing and writing the reports; and what was left of removing lab hosts then.
   */
  timings: { prepare: number; grade: number; report: number; remove: number };
  /** How long it took to remove a lab host; most of them are removed while others are graded. Of this machine only. */
  labHosts?: { removed: number; meanMs: number; longestMs: number };
}

/** What a summary says of the run itself. */
export interface RunFacts {
  /** False when something could not be graded, or the run was ended: the next run grades only what is missing. */
  complete: boolean;
  /** ISO 8601, as in the records that the run writes: a killed run's records are recognised by it. */
  startedAt?: string;
  /** What each student's graded files were. */
  digests: Record<string, string>;
}

export interface Summary extends RunFacts {
  schemaVersion: 1;
  students: {
    student: string;
    score: number;
    maxScore: number;
    labs: { lab: string; status: string; score: number; maxScore: number }[];
  }[];
  criteria: Record<string, Record<string, Record<'passed' | 'failed' | 'skipped' | 'error', number>>>;
  /** Submissions to look at side by side; once everything is graded: before, nobody can tell what is rare. */
  similar?: SimilarGroup[];
  /** Once the run has come to its end. */
  run?: RunTimes;
}

export function summaryOf(records: StudentRecord[], { complete, startedAt, digests }: RunFacts): Summary {
  const criteria: Summary['criteria'] = {};
  for (const lab of records.flatMap((record) => record.labs)) {
    for (const { id, status } of lab.criteria) {
      const counts = ((criteria[lab.lab] ??= {})[id] ??= { passed: 0, failed: 0, skipped: 0, error: 0 });
      counts[status]++;
    }
  }
  return {
    schemaVersion: 1,
    complete,
    ...(startedAt !== undefined && { startedAt }),
    students: records.map(({ student, score, maxScore, labs }) => ({
      student,
      score,
      maxScore,
      labs: labs.map((lab) => ({ lab: lab.lab, status: lab.status, score: lab.score, maxScore: lab.maxScore })),
    })),
    criteria,
    digests,
    ...(complete && { similar: similarGroups(records) }),
  };
}

/**
 * @param at Milliseconds: when the process began, when the first lab could, when all was graded, reported, and removed.
 * @param removals How long the removal of each lab host took; unknown where they are other machines'.
 */
export function runTimes(at: [number, number, number, number, number], removals: readonly number[] = []): RunTimes {
  const [began, prepared, graded, reported, removed] = at.map(Math.round) as typeof at;
  const timings = {
    prepare: prepared - began,
    grade: graded - prepared,
    report: reported - graded,
    remove: removed - reported,
  };
  if (removals.length === 0) return { timings };
  const meanMs = Math.round(removals.reduce((sum, ms) => sum + ms, 0) / removals.length);
  return { timings, labHosts: { removed: removals.length, meanMs, longestMs: Math.max(...removals) } };
}
