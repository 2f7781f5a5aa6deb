/**
 * When work was handed in, according to the learning platform: a CSV file with the columns student, time and perhaps
 * lab. Dates of files and commits are not used, because students can set them.
 */
import { CsvError, parse } from 'csv-parse/sync';
import { UsageError } from '../../base/failure.ts';
import { instead } from '../../base/near.ts';
import type { Times } from './rubric.ts';
import { timeOf } from './time.ts';

const COLUMNS = ['student', 'lab', 'time'];

/**
 * @param file What the file is called, for messages.
 * @param labs Names of all labs.
 * @throws {UsageError} with the line and the reason.
 */
export function parseHandedIn(text: string, file: string, labs: string[]): Map<string, Times> {
  const refuse = (line: number, reason: string): never => {
    throw new UsageError(`${file}, line ${line}: ${reason}`);
  };
  const [header, ...rows] = rowsOf(text, refuse);
  const columns = (header?.cells ?? []).map((cell) => cell.trim().toLowerCase());
  const strange = columns.find((column, i) => !COLUMNS.includes(column) || columns.indexOf(column) !== i);
  if (header === undefined || strange !== undefined || !columns.includes('student') || !columns.includes('time'))
    return refuse(
      1,
      `the first line must name the columns student, time and perhaps lab; it is "${columns.join(',')}"`,
    );
  const times = new Map<string, Times>();
  for (const { line, cells } of rows) {
    if (cells.length !== columns.length)
      refuse(line, `there are ${cells.length} cells, and the first line names ${columns.length} columns`);
    const cell = (column: string): string => cells[columns.indexOf(column)]?.trim() ?? '';
    const [student, lab] = [cell('student'), cell('lab')];
    if (student === '') refuse(line, 'there is no student');
    if (lab !== '' && !labs.includes(lab)) refuse(line, `there is no lab "${lab}"; ${instead(lab, labs, 'there are')}`);
    const time = timeOf(cell('time'));
    if (typeof time === 'string') return refuse(line, time);
    const own = times.get(student) ?? { labs: new Map<string, Date>() };
    times.set(student, own);
    if (lab === '' ? own.all !== undefined : own.labs.has(lab))
      refuse(line, `${student} is there twice${lab === '' ? '' : ` for ${lab}`}: leave the time of what is graded`);
    if (lab === '') own.all = time;
    else own.labs.set(lab, time);
  }
  return times;
}

interface Row {
  /** Where it ends. */
  line: number;
  cells: string[];
}

function rowsOf(text: string, refuse: (line: number, reason: string) => never): Row[] {
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_records_with_empty_values: true };
    // Its types do not follow `info`.
    const rows = parse(text, options) as unknown as { record: string[]; info: { lines: number } }[];
    return rows.map(({ record, info }) => ({ cells: record, line: info.lines }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return refuse(Number(error['lines'] ?? 1), 'its quotation marks are not closed properly');
  }
}
