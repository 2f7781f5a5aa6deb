/** gradebook.csv: one row per student, one column per lab, then the total. */
import type { StudentRecord } from './record.ts';

export function gradebook(records: StudentRecord[], labs: string[]): string {
  const header = ['student', ...labs, 'total', 'max'];
  const rows = records.map((record) => [
    record.student,
    ...labs
      .map((name) => record.labs.find(({ lab }) => lab === name))
      .map((lab) => (lab === undefined || lab.status === 'error' ? '' : String(lab.score))),
    record.labs.some(({ status }) => status === 'error') ? '' : String(record.score),
    String(record.maxScore),
  ]);
  return [header, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

/** Quotes a cell (RFC 4180) and keeps a spreadsheet from reading it as a formula: students choose some of them. */
export function csvCell(text: string): string {
  const inert = /^[=+\-@\t\r]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
}
