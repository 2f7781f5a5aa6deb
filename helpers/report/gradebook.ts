/**
 * gradebook.csv: one row per student, one column per lab, then the total. What has no points for its work has a word in place of
 * a number, so that nobody takes it for a zero that was earned. A byte order mark says to spreadsheets that it is UTF-8.
 */
import { csvText, type Cell } from './csv.ts';
import { isComplete, type LabRecord, type StudentRecord } from './record.ts';
import { tidy } from './whole-points.ts';

/** @param pending Students of whom a run has not graded everything yet: they have no total. */
export function gradebook(records: StudentRecord[], labs: string[], pending: ReadonlySet<string> = new Set()): string {
  const header = ['student', ...labs, 'total', 'max'];
  const rows = records.map((record): Cell[] => [
    record.student,
    ...labs.map((name) => cellOf(record.labs.find(({ lab }) => lab === name))),
    isComplete(record) && !pending.has(record.student) ? tidy(record.score) : '',
    tidy(record.maxScore),
  ]);
  return `\ufeff${csvText([header, ...rows])}`;
}

function cellOf(lab: LabRecord | undefined): Cell {
  if (lab === undefined) return '';
  // Points may be given by hand for what was not handed in or could not be deployed.
  return lab.status === 'graded' || (lab.status !== 'error' && lab.score > 0) ? tidy(lab.score) : lab.status;
}
