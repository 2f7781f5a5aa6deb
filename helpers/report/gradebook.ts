/** gradebook.csv: one row per student, one column per lab, then the total. */
import { csvText, type Cell } from './csv.ts';
import type { StudentRecord } from './record.ts';
import { areFinal } from './formats/tests.ts';
import { tidy } from './whole-points.ts';

export function gradebook(records: StudentRecord[], labs: string[]): string {
  const header = ['student', ...labs, 'total', 'max'];
  const rows = records.map((record): Cell[] => [
    record.student,
    ...labs
      .map((name) => record.labs.find(({ lab }) => lab === name))
      .map((lab) => (lab === undefined || lab.status === 'error' ? '' : tidy(lab.score))),
    areFinal([record]) ? tidy(record.score) : '',
    tidy(record.maxScore),
  ]);
  return csvText([header, ...rows]);
}
