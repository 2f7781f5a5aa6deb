/**
 * `--format moodle-feedback`: `moodle-feedback.zip`, for "Upload multiple feedback files in a zip" of a Moodle assignment: each
 * student's page of text in a folder that is called as in "Download all submissions". A worksheet as `--roster` says the
 * participants' numbers; without one, they are those of the download that was graded.
 */
import { oneLine } from '../../../base/inert.ts';
import { ReportFolder } from '../../files.ts';
import { ofLabs } from '../../recording.ts';
import { isComplete, type StudentRecord } from '../../record.ts';
import type { ReportFormat } from '../format.ts';
import { commentOn } from '../markdown.ts';
import type { Roster } from '../roster.ts';
import { zipOf } from '../zip.ts';
import { worksheetColumns } from './columns.ts';
import { isWorksheet, participants } from './worksheet.ts';

const FILE = 'moodle-feedback.zip';
const FEEDBACK = 'feedback.md';
/** Moodle takes the name apart at underscores. */
const UNFIT = /[_/\\:*?"<>|\p{Cc}\p{Cf}\p{Cs}]/gu;

export const moodleFeedback: ReportFormat = {
  about: 'moodle-feedback.zip, feedback files for a Moodle assignment (--roster: its worksheet)',
  readBy: 'students',
  isImported: true,
  reads: isWorksheet,
  async write(all, { out, labs, rosters, stderr }) {
    const worksheet = rosters?.find(isWorksheet);
    const records = (labs === undefined ? all : all.map((record) => ofLabs(record, labs))).filter((record) =>
      isComplete(record),
    );
    const { numberOf, notes } = numbersOf(records, worksheet);
    const files = records.flatMap((record): [string, string][] => {
      const number = numberOf.get(record.student);
      return number === undefined ? [] : [[`${folderOf(record.student, number)}/${FEEDBACK}`, commentOn(record)]];
    });
    await new ReportFolder(out).write(FILE, await zipOf(new Map(files)));
    stderr.write(notes.map((note) => `netgrade: ${FILE}: ${oneLine(note)}\n`).join(''));
  },
};

function folderOf(student: string, number: string): string {
  const name = student.replace(UNFIT, ' ').trim();
  return `${name === '' ? 'Participant' : name.toWellFormed()}_${number}_assignsubmission_file_`;
}

/**
 * Each student's number as a participant in the assignment: as a worksheet says, or else the download. Whoever has none is named,
 * and left out.
 */
function numbersOf(
  records: StudentRecord[],
  worksheet: Roster | undefined,
): { numberOf: Map<string, string>; notes: string[] } {
  if (worksheet !== undefined) {
    const { identifier } = worksheetColumns(worksheet)!;
    const { rowOf, notes } = participants(worksheet, records);
    const numbers = records.flatMap((record): [string, string][] => {
      const number = /\d+$/.exec(rowOf(record)?.[identifier]?.trim() ?? '')?.[0];
      return number === undefined ? [] : [[record.student, number]];
    });
    return { numberOf: new Map(numbers), notes };
  }
  const numbers = records.flatMap(({ student, labs }): [string, string][] => {
    const own = labs.flatMap(({ submitter }) => (submitter?.platform === 'moodle' ? (submitter.id ?? []) : []));
    return new Set(own).size === 1 ? [[student, own[0]!]] : [];
  });
  const numberOf = new Map(numbers);
  const others = records.filter(({ student }) => !numberOf.has(student));
  return {
    numberOf,
    notes: others.map(({ student }) => `"${student}" was left out: give the assignment’s worksheet as --roster`),
  };
}
