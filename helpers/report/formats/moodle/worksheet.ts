/** Moodle's grading worksheet of one assignment: exported there, filled in here, uploaded again. */
import { csvText, type Cell } from '../../csv.ts';
import { isComplete, type StudentRecord } from '../../record.ts';
import { gradeOutOf, matchRows, pointsIn, untouched, type Key, type Roster } from '../roster.ts';
import { worksheetColumns } from './columns.ts';
import { feedbackOn, headingOf } from './feedback.ts';
import { keysOf } from './identifiers.ts';

export function isWorksheet(roster: Roster): boolean {
  return worksheetColumns(roster) !== undefined;
}

/**
 * Fills in a worksheet. A grade is the sum over the labs, scaled to the worksheet's maximum. A student who
 * could not be graded keeps the old cell. Everything else stays as it is, above all the column that says when a grade
 * was last modified: Moodle finds conflicts by it.
 *
 * @param views The same records as their students may see them, for the feedback.
 */
export function filledWorksheet(
  roster: Roster,
  records: StudentRecord[],
  views: StudentRecord[],
): { text: string; notes: string[] } {
  const { identifier } = worksheetColumns(roster)!;
  const { rowOf, notes } = participants(roster, records);
  const indexOf = new Map(records.map((record, i) => [rowOf(record), i]));
  const rows = roster.rows.map((row) => {
    const i = indexOf.get(row);
    const isWhole = i !== undefined && isComplete(records[i]!);
    return isWhole ? filledRow(roster, row, records[i]!, views[i]!) : row;
  });
  const nobody = roster.rows.filter((row) => !indexOf.has(row)).map((row) => row[identifier]!);
  return {
    text: csvText([roster.header, ...rows], roster.delimiter),
    notes: [...notes, ...untouched(roster.file, nobody)],
  };
}

/** The rows of a worksheet that are these students'. @returns sentences about those without a row, too. */
export function participants(
  roster: Roster,
  records: StudentRecord[],
): { rowOf: (record: StudentRecord) => string[] | undefined; notes: string[] } {
  const known = new Map(records.map((record) => [record, knownIn(roster, record)]));
  const { identifier } = worksheetColumns(roster)!;
  const { rowOf, notes } = matchRows(roster, [...keysOf(roster), numberIn(identifier)], [...known.values()]);
  return { rowOf: (record) => rowOf.get(known.get(record)!), notes };
}

/**
 * How the worksheet knows a student: by the participant's number, if the download said it. The number is one assignment's; of a
 * group it is the group's. So it counts only where the row has the name that the download had, or names were hidden there.
 */
function knownIn(roster: Roster, { student, labs }: StudentRecord): string {
  const { identifier, fullName: name } = worksheetColumns(roster)!;
  const numbers = labs.flatMap(({ submitter }) => {
    if (submitter?.platform !== 'moodle' || submitter.id === undefined) return [];
    const number = `#${submitter.id}`;
    const row = roster.rows.find((each) => numberIn(identifier).of(each) === number);
    const hidden = row?.[identifier]!.replace(/\d+$/, '');
    const isThat =
      row !== undefined && (name === undefined || [row[name]!, hidden!].some((each) => isNamed(each, submitter.name)));
    return isThat ? [number] : [];
  });
  return new Set(numbers).size === 1 ? numbers[0]! : student;
}

/** Whether a folder's name may be somebody's: Moodle leaves out signs that a file's name cannot have. */
function isNamed(fullName: string, folder: string): boolean {
  const bare = (text: string): string =>
    text
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, '');
  return bare(fullName) === bare(folder);
}

/** "Participant 17", in whatever language: its number. */
function numberIn(identifier: number): Key {
  return { name: "the participant's number", of: (row) => `#${/\d+$/.exec(row[identifier]!.trim())?.[0] ?? ''}` };
}

function filledRow(roster: Roster, row: string[], record: StudentRecord, view: StudentRecord): Cell[] {
  const { maximum, grade: to, feedback } = worksheetColumns(roster)!;
  const possible = maximum === undefined ? undefined : pointsIn(row[maximum]);
  const grade = gradeOutOf(record, possible);
  if (grade === undefined) return row;
  const cells: Cell[] = [...row];
  cells[to] = grade;
  if (feedback !== undefined) cells[feedback] = feedbackOnAll(view);
  return cells;
}

function feedbackOnAll({ labs }: StudentRecord): string {
  if (labs.length === 1) return feedbackOn(labs[0]!);
  return labs.map((lab) => `${headingOf(lab)}\n${feedbackOn(lab)}`).join('\n\n');
}
