/** summary.json: the class at a glance. */
import { similarGroups, type SimilarGroup } from './similarity/groups.ts';
import type { StudentRecord } from './record.ts';

/** Where a run's time went, beside what each lab's record says of its own. */
export interface RunTimes {
  /**
   * Milliseconds of each phase, in this order: until the first lab could begin; grading, including writing each record
   * as soon as it is complete; printing and writing the reports; removing the lab hosts that were left by then.
   */
  timings: { prepare: number; grade: number; report: number; remove: number };
  /** How long it took to remove a lab host of this machine. Most are removed while other labs are graded. */
  labHosts?: { removed: number; meanMs: number; longestMs: number };
}

export interface Summary {
  schemaVersion: 1;
  /** False when something could not be graded, or the last run was ended: the same command grades what is missing. */
  complete: boolean;
  students: {
    student: string;
    score: number;
    maxScore: number;
    labs: { lab: string; status: string; score: number; maxScore: number }[];
  }[];
  criteria: Record<string, Record<string, Record<'passed' | 'failed' | 'skipped' | 'error', number>>>;
  /** Similar submissions. Present once everything is graded: before that, it is not known what is rare. */
  similar?: SimilarGroup[];
  /** Present when the run has ended. */
  run?: RunTimes;
}

export function summaryOf(records: StudentRecord[], complete: boolean): Summary {
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
    students: records.map(({ student, score, maxScore, labs }) => ({
      student,
      score,
      maxScore,
      labs: labs.map((lab) => ({ lab: lab.lab, status: lab.status, score: lab.score, maxScore: lab.maxScore })),
    })),
    criteria,
    ...(complete && { similar: similarGroups(records) }),
  };
}

/**
 * @param at Milliseconds: when the process began, when the first lab could, when all was graded, reported, and removed.
 * @param removals How long the removal of each lab host took, in milliseconds; empty if other machines have the lab
 *   hosts.
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
