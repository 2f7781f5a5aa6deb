/**
 * `--format moodle`: `moodle.csv`, for Moodle's grade import, or with a worksheet of an assignment as `--roster` for that
 * assignment. Grades count every rule; feedback is for the student and keeps hidden rules hidden.
 */
import { ReportFolder } from '../../files.ts';
import type { ReportFormat } from '../format.ts';
import type { Roster } from '../roster.ts';
import { ofLabs } from '../../recording.ts';
import { studentView } from '../../student-view.ts';
import { gradeImport } from './grade-import.ts';
import { hasIdentifier } from './identifiers.ts';
import { filledWorksheet, isWorksheet } from './worksheet.ts';

const FILE = 'moodle.csv';

export const moodle: ReportFormat = {
  about: 'moodle.csv, for a Moodle grade import (--roster: an export or a worksheet)',
  readBy: 'both',
  isImported: true,
  reads,
  async write(all, { out, now, labs, rosters, stderr }) {
    const roster = rosters?.find(reads);
    const isOneAssignment = roster !== undefined && isWorksheet(roster);
    const records = isOneAssignment && labs !== undefined ? all.map((record) => ofLabs(record, labs)) : all;
    const views = records.map((record) => studentView(record, now));
    const { text, notes } = isOneAssignment
      ? filledWorksheet(roster, records, views)
      : gradeImport(roster, records, views);
    await new ReportFolder(out).write(FILE, text);
    stderr.write(notes.map((note) => `netgrade: ${FILE}: ${note}\n`).join(''));
  },
};

function reads(roster: Roster): boolean {
  return isWorksheet(roster) || hasIdentifier(roster);
}
