/** Moodle's grading worksheet of one assignment: exported there, filled in here, uploaded again. */
import { csvText, type Cell } from '../../csv.ts';
import { isComplete, type StudentRecord } from '../../record.ts';
import { column, gradeOutOf, matchRows, pointsIn, untouched, type Key, type Roster } from '../roster.ts';
import { feedbackOn } from './feedback.ts';
import { keysOf, participantIn } from './identifiers.ts';

export function isWorksheet(roster: Roster): boolean {
  return column(roster, 'identifier') !== undefined && column(roster, 'grade') !== undefined;
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
  const students = records.map(({ student }) => student);
  const identifier = column(roster, 'identifier')!;
  const { rowOf, notes } = matchRows(roster, [...keysOf(roster), numberIn(identifier)], students.map(known));
  const indexOf = new Map(students.map((student, i) => [rowOf.get(known(student)), i]));
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

/** How the worksheet may know a student: by the participant's number, if Moodle named the folder. */
function known(student: string): string {
  const number = participantIn(student);
  return number === undefined ? student : `#${number}`;
}

/** "Participant 17", in whatever language: its number. */
function numberIn(identifier: number): Key {
  return { name: "the participant's number", of: (row) => `#${/\d+$/.exec(row[identifier]!.trim())?.[0] ?? ''}` };
}

function filledRow(roster: Roster, row: string[], record: StudentRecord, view: StudentRecord): Cell[] {
  const maximum = column(roster, 'maximum grade', 'max grade');
  const possible = maximum === undefined ? undefined : pointsIn(row[maximum]);
  const grade = gradeOutOf(record, possible);
  if (grade === undefined) return row;
  const cells: Cell[] = [...row];
  cells[column(roster, 'grade')!] = grade;
  const feedback = column(roster, 'feedback comments');
  if (feedback !== undefined) cells[feedback] = feedbackOnAll(view);
  return cells;
}

function feedbackOnAll({ labs }: StudentRecord): string {
  if (labs.length === 1) return feedbackOn(labs[0]!);
  return labs.map((lab) => `${lab.lab}\n${feedbackOn(lab)}`).join('\n\n');
}
