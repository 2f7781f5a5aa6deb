/**
 * `--format moodle`: `moodle.csv`, for Moodle's grade import, or with a worksheet of an assignment as `--roster` for that
 * assignment. Grades count every rule; feedback is for the student and keeps hidden rules hidden.
 */
import { ReportFolder } from '../../files.ts';
import type { ReportFormat } from '../format.ts';
import type { Roster } from '../roster.ts';
import { studentView } from '../../student-view.ts';
import { gradeImport } from './grade-import.ts';
import { hasIdentifier } from './identifiers.ts';
import { filledWorksheet, isWorksheet } from './worksheet.ts';

const FILE = 'moodle.csv';

export const moodle: ReportFormat = {
  about: 'moodle.csv, for a Moodle grade import (--roster: an export or a worksheet)',
  readBy: 'both',
  reads,
  async write(records, { out, now, rosters, stderr }) {
    const roster = rosters?.find(reads);
    const views = records.map((record) => studentView(record, now));
    const { text, notes } =
      roster !== undefined && isWorksheet(roster)
        ? filledWorksheet(roster, records, views)
        : gradeImport(roster, records, views);
    await new ReportFolder(out).write(FILE, text);
    stderr.write(notes.map((note) => `netgrade: ${FILE}: ${note}\n`).join(''));
  },
};

function reads(roster: Roster): boolean {
  return isWorksheet(roster) || hasIdentifier(roster);
}
