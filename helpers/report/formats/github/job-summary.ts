/** The page that GitHub shows for a job. */
import { markdownReport } from '../markdown-report.ts';
import type { StudentRecord } from '../../record.ts';
import { inWholePoints } from '../../whole-points.ts';

/** GitHub drops the whole summary of a step above 1 MiB. */
const ROOM = {
  most: 1_000_000,
  sizeOf: (text: string): number => Buffer.byteLength(text),
  cutNote: 'This summary was cut: there is not enough room here for all students. Their reports have the rest.',
};

export function jobSummary(records: StudentRecord[]): string {
  return markdownReport(records.map(inWholePoints), ROOM);
}
