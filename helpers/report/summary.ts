/** summary.json: the class at a glance, and what a later run needs to complete an incomplete one. */
import { similarGroups, type SimilarGroup } from '../similarity/groups.ts';
import type { StudentRecord } from './record.ts';

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
