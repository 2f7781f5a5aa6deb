/** Scores finished records by another rubric. Needs no engine and no submissions. */
import { UsageError } from '../base/failure.ts';
import { ClassBook } from '../report/class-book.ts';
import { ReportFolder } from '../report/files.ts';
import { readRecords } from '../report/read-records.ts';
import { classOf, isComplete, labsOf, type StudentRecord } from '../report/record.ts';
import { inert } from '../report/terminal.ts';
import { countedRecord, notCounting } from '../report/recording.ts';
import { misfitOf, scoreRecord } from '../report/rubric/apply.ts';
import { changesCsv, changesOf, classSummary, movedText, signed, type Change } from '../report/rubric/changes.ts';
import type { Summary } from '../report/summary.ts';
import { remarksOn } from '../report/rubric/load.ts';
import { remarksOnOverrides } from '../report/rubric/overrides.ts';
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
  check: (records: StudentRecord[]) => void;
}

export interface Rescored {
  records: StudentRecord[];
  /** What the class's files are made of: also what the folder `out` had before. */
  all: StudentRecord[];
}

/**
 * Writes new records, gradebook.csv, summary.json and rescored.csv, and prints whose points change.
 *
 * @throws {UsageError} when a record is broken or was graded by other rules; then nothing is written.
 */
export async function rescore({ from, out, rubric, check }: Rescoring): Promise<Rescored> {
  const before = readRecords(from);
  check(before);
  for (const record of before) {
    const misfit = misfitOf(record, rubric);
    if (misfit !== undefined) throw new UsageError(`the record of ${record.student} cannot be scored: ${misfit}`);
  }
  const students = before.map(({ student }) => student);
  for (const remark of remarksOn(rubric, students)) say(remark);
  const after = scoredClass(before, rubric);
  for (const remark of remarksOnOverrides(after, rubric)) say(remark);
  const changes = changesOf(before, after);
  const changed = { file: 'rescored.csv', text: changesCsv(changes) };
  const all = await writeAnew(after, { from, out, order: rubric.labs.keys(), rubric, changed });
  print(changes, rubric);
  return { records: after, all };
}

/**
 * A class scored by a rubric, with the labs that count.
 *
 * @param last The records that these replace, in the same order.
 */
export function scoredClass(records: StudentRecord[], rubric: Rubric, last = records): StudentRecord[] {
  const scored = records.map((record, i) => scoreRecord(record, rubric, last[i]));
  const none = notCounting(scored, rubric.counting);
  return scored.map((record) => countedRecord(record, none));
}

export interface Place {
  /** The folder that the records are from. */
  from: string;
  out: string;
  /** The labs in the catalogue's order. */
  order: Iterable<string>;
  /** By which the records were scored, if they were scored now. */
  rubric?: Rubric;
  /** A file for what has changed. */
  changed?: { file: string; text: string };
}

/**
 * Writes a class's records and files again. Where the run's own summary is replaced, the run's times stay in it.
 *
 * @returns the records that the class's files are made of.
 */
export async function writeAnew(
  records: StudentRecord[],
  { from, out, order, rubric, changed }: Place,
): Promise<StudentRecord[]> {
  const last = await new ReportFolder(from).lastSummary();
  const reports = new ReportFolder(out);
  const labs = [...order];
  const all =
    out === from ? await writeHere(records, reports, labs) : await enterThere(records, { out, labs, last, rubric });
  if (changed !== undefined) await reports.write(changed.file, changed.text);
  return all;
}

async function writeHere(records: StudentRecord[], reports: ReportFolder, labs: string[]): Promise<StudentRecord[]> {
  const last = await reports.lastSummary();
  for (const record of records) await reports.writeRecord(record);
  const all = classOf(records);
  const complete = all.every((record) => isComplete(record));
  await reports.writeClass(all, labsOf(all, labs), complete && (last?.complete ?? true));
  if (last?.run !== undefined) await reports.writeRun(last.run);
  return all;
}

async function enterThere(
  records: StudentRecord[],
  { out, labs, last, rubric }: { out: string; labs: string[]; last: Summary | undefined; rubric: Rubric | undefined },
): Promise<StudentRecord[]> {
  const book = await ClassBook.open(out, labs, say);
  for (const record of records) await book.enterAll(record);
  if (rubric !== undefined) await book.settle(rubric.counting);
  await book.writeClass(new Set(), last?.complete);
  return book.records;
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
