/** gradebook.csv: one row per student, one column per lab, then the total. */
import { csvText, type Cell } from './csv.ts';
import { isComplete, type StudentRecord } from './record.ts';
import { tidy } from './whole-points.ts';

/** @param pending Students of whom a run has not graded everything yet: they have no total. */
export function gradebook(records: StudentRecord[], labs: string[], pending: ReadonlySet<string> = new Set()): string {
  const header = ['student', ...labs, 'total', 'max'];
  const rows = records.map((record): Cell[] => [
    record.student,
    ...labs
      .map((name) => record.labs.find(({ lab }) => lab === name))
      .map((lab) => (lab === undefined || lab.status === 'error' ? '' : tidy(lab.score))),
    isComplete(record) && !pending.has(record.student) ? tidy(record.score) : '',
    tidy(record.maxScore),
  ]);
  return csvText([header, ...rows]);
}
