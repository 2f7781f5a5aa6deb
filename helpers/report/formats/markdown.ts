/**
 * `--format markdown`: `<student>.md`, to be posted as a comment on a pull request. Criteria that failed come first:
 * the reader has to do something about these.
 */
import { ReportFolder } from '../files.ts';
import { studentFile } from '../report-name.ts';
import type { ReportFormat } from './format.ts';
import { markdownReport } from './markdown-report.ts';
import type { CriterionRecord, StudentRecord } from '../record.ts';

/** GitHub refuses a longer comment. It counts characters; UTF-16 units are never fewer. */
const ROOM = {
  most: 65_536,
  sizeOf: (text: string): number => text.length,
  cutNote: 'This report was cut: a comment has no room for more. The whole report is in the reports folder.',
};

const ORDER: CriterionRecord['status'][] = ['failed', 'error', 'skipped', 'passed'];

export const comment: ReportFormat = {
  about: '<student>.md, for a comment on a pull request',
  readBy: 'students',
  openLog: true,
  async write(records, { out }) {
    for (const record of records)
      await new ReportFolder(out).write(studentFile(record.student, 'md'), commentOn(record));
  },
};

/** @param record As its student may see it. */
export function commentOn(record: StudentRecord, room = ROOM): string {
  return markdownReport([failuresFirst(record)], room);
}

function failuresFirst(record: StudentRecord): StudentRecord {
  const rank = ({ status }: CriterionRecord): number => ORDER.indexOf(status);
  const labs = record.labs.map((lab) => ({
    ...lab,
    criteria: lab.criteria.toSorted((one, other) => rank(one) - rank(other)),
  }));
  return { ...record, labs };
}
