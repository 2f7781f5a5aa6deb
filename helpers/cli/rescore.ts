/** `npm run grade -- --rescore DIR`: scores finished records by another rubric. Needs no engine and no submissions. */
import { UsageError } from '../base/failure.ts';
import { ReportFolder } from '../report/files.ts';
import { readRecords } from '../report/read-records.ts';
import { isComplete, type StudentRecord } from '../report/record.ts';
import { inert } from '../report/terminal.ts';
import { misfitOf, scoreRecord } from '../report/rubric/apply.ts';
import { changesCsv, changesOf, classSummary, movedText, signed, type Change } from '../report/rubric/changes.ts';
import { remarksOn } from '../report/rubric/load.ts';
import type { Rubric } from '../report/rubric/rubric.ts';
import { hundredths } from '../report/whole-points.ts';
import { say } from '../machine/setup/say.ts';

/** How many changed criteria a student's line in the terminal names. It says how many more there are; the file has them all. */
const MOST_MOVED = 6;

export interface Rescoring {
  /** The folder with the records. */
  from: string;
  out: string;
  rubric: Rubric;
  /** Called before anything is written; it may throw. */
  check: (students: number, labs: string[]) => void;
}

/**
 * Writes new records, gradebook.csv, summary.json and rescored.csv, and prints whose points change.
 *
 * @throws {UsageError} when a record is broken or was graded by other rules; then nothing is written.
 */
export async function rescore({ from, out, rubric, check }: Rescoring): Promise<StudentRecord[]> {
  const before = readRecords(from);
  check(before.length, labsOf(before, rubric));
  for (const record of before) {
    const misfit = misfitOf(record, rubric);
    if (misfit !== undefined) throw new UsageError(`the record of ${record.student} cannot be scored: ${misfit}`);
  }
  const students = before.map(({ student }) => student);
  for (const remark of remarksOn(rubric, students)) say(inert(remark));
  const after = before.map((record) => scoreRecord(record, rubric));
  const changes = changesOf(before, after);
  await writeAnew(after, { from, out, rubric, file: 'rescored.csv' }, changesCsv(changes));
  print(changes, rubric);
  return after;
}

/**
 * Writes a class's records and files again. What a later run needs to complete an incomplete run stays as it is. Where
 * the run's own summary is replaced, the run's times stay in it.
 *
 * @param place `file` is the file for the changes.
 * @param changes The changes, as CSV.
 */
export async function writeAnew(
  records: StudentRecord[],
  { from, out, rubric, file }: Omit<Rescoring, 'check'> & { file: string },
  changes: string,
): Promise<void> {
  const last = await new ReportFolder(from).lastSummary();
  const reports = new ReportFolder(out);
  for (const record of records) await reports.writeRecord(record);
  const { complete = records.every(isComplete), startedAt, digests = {} } = last ?? {};
  await reports.writeClass(records, labsOf(records, rubric), {
    complete,
    ...(startedAt !== undefined && { startedAt }),
    digests,
  });
  if (last?.run !== undefined && out === from) await reports.writeRun(last.run);
  await reports.write(file, changes);
}

/** The labs in these records, in the catalogue's order. */
function labsOf(records: StudentRecord[], rubric: Rubric): string[] {
  const recorded = new Set(records.flatMap(({ labs }) => labs.map(({ lab }) => lab)));
  return [...rubric.labs.keys()].filter((name) => recorded.has(name));
}

/** Says by which rubric the points are given. */
export function scoredBy({ stamp }: Rubric): string {
  return `scored by ${stamp === undefined ? 'the labs’ own points' : `${stamp.file} (${stamp.sha256})`}`;
}

function print(changes: Change[], rubric: Rubric): void {
  console.log(`${scoredBy(rubric)}\n`);
  const different = changes.filter(
    ({ effect, moved, late }) => effect !== 'unchanged' || moved.length > 0 || late.length > 0,
  );
  for (const change of different) console.log(changeLine(change));
  console.log(`${different.length > 0 ? '\n' : ''}${classSummary(changes)}`);
}

function changeLine(change: Change): string {
  const moved = movedText(change, MOST_MOVED);
  return inert(`${pointsLine(change)}${moved === '' ? '' : `  ${moved}`}`);
}

/** A student's points before and after. */
export function pointsLine({ student, before, after }: Change): string {
  const difference = signed(hundredths(after.score - before.score));
  return `  ${student}  ${before.score}/${before.maxScore} -> ${after.score}/${after.maxScore}  (${difference})`;
}
