/** Criterion × submission: which submission makes which criterion fail. A column nobody fails tests nothing. */
import type { LabRecord } from '../../helpers/report/record.ts';

const MARKS: Record<string, string> = { passed: '·', failed: '✗', skipped: '–', error: '!' };

/** @param records By case name. */
export function killMatrix(criteria: string[], records: Map<string, LabRecord>): string {
  const width = Math.max(...[...records.keys()].map((name) => name.length));
  const heads = criteria.map((id, i) => `  ${String.fromCharCode(65 + i)} = ${id}`);
  const letters = `${' '.repeat(width)}  ${criteria.map((_, i) => String.fromCharCode(65 + i)).join(' ')}`;
  const rows = [...records].map(([name, lab]) => {
    const marks = criteria.map((id) => MARKS[lab.criteria.find((each) => each.id === id)?.status ?? ''] ?? ' ');
    return `${name.padEnd(width)}  ${marks.join(' ')}`;
  });
  return ['· passed  ✗ failed  – skipped  ! error', ...heads, '', letters, ...rows].join('\n');
}

/** Criteria that none of these submissions fails. */
export function unkilled(criteria: string[], fails: string[][]): string[] {
  return criteria.filter((id) => !fails.some((failed) => failed.includes(id)));
}

/** Criteria that none of these submissions fails alone. */
export function neverAlone(criteria: string[], fails: string[][]): string[] {
  return criteria.filter((id) => !fails.some((failed) => failed.length === 1 && failed[0] === id));
}
