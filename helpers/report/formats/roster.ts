/** `--roster`: a list of students that a learning platform exported, to be filled in with grades. */
import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { reasonOf, UsageError } from '../../base/failure.ts';
import type { Delimiter } from '../csv.ts';
import { oneLine } from '../../base/inert.ts';
import { tidy, type Points } from '../whole-points.ts';

export interface Roster {
  file: string;
  delimiter: Delimiter;
  header: string[];
  /** Set if the course names it: formats that fill none in leave it out. */
  ofCourse?: boolean;
  /** Each has a cell for every column. */
  rows: string[][];
}

/** One or more columns by which a student's row is found. */
export interface Key {
  name: string;
  of: (row: string[]) => string;
}

export interface Matches {
  rowOf: Map<string, string[]>;
  /** Sentences about students without a row, and about names with several rows. */
  notes: string[];
}

const MOST_NAMED = 10;

/** @throws {UsageError} when it cannot be read, or is not a table. */
export function readRoster(file: string): Roster {
  try {
    const bytes = readFileSync(file);
    if (!isUtf8(bytes)) throw new Error('it is not UTF-8 text');
    const text = bytes.toString('utf8').replace(/^\ufeff/, '');
    const delimiter = delimiterOf(text);
    const [header = [], ...rows] = parse(text, { delimiter, relax_column_count: true });
    if (header.length < 2) throw new Error('its first line has to name its columns');
    return { file, delimiter, header, rows: rows.map((row) => header.map((_, i) => row[i] ?? '')) };
  } catch (error) {
    throw new UsageError(`--roster ${file} cannot be read as CSV: ${reasonOf(error)}`);
  }
}

/** Finds the separator. Where people write decimal commas, platforms export with semicolons. */
function delimiterOf(text: string): Delimiter {
  const [line = ''] = text.split(/[\r\n]/, 1);
  const count = (each: string): number => line.split(each).length;
  const candidates: Delimiter[] = [',', ';', '\t'];
  return candidates.reduce((best, each) => (count(each) > count(best) ? each : best));
}

/** A column by any of its names, whatever their case. */
export function column({ header }: Roster, ...names: string[]): number | undefined {
  const index = header.findIndex((each) => names.includes(each.trim().toLowerCase()));
  return index === -1 ? undefined : index;
}

/**
 * Finds each student's row: the only row whose key is exactly the student's name; the first key that fits any row
 * decides. Nothing is guessed: a student without such a row, or two students with one row, get none.
 */
export function matchRows({ file, rows }: Pick<Roster, 'file' | 'rows'>, keys: Key[], students: string[]): Matches {
  const notes: string[] = [];
  const strangers: string[] = [];
  const found = students.map((student): [string, string[]] | undefined => {
    for (const { name, of } of keys) {
      const fitting = rows.filter((row) => written(of(row)) === written(student));
      if (fitting.length === 1) return [student, fitting[0]!];
      if (fitting.length === 0) continue;
      notes.push(`${fitting.length} rows of ${file} have the ${name} "${student}": none of them was filled in`);
      return undefined;
    }
    strangers.push(`"${student}"`);
    return undefined;
  });
  if (strangers.length > 0) {
    const isOne = strangers.length === 1;
    const who = isOne ? `${strangers[0]!} is` : `${strangers.length} students are`;
    const what = isOne ? 'the grade is missing there' : `their grades are missing there: ${firstOf(strangers)}`;
    notes.push(`${who} not in ${file} (looked for in ${keys.map(({ name }) => name).join(', ')}): ${what}`);
  }
  const pairs = found.filter((each) => each !== undefined);
  const single = pairs.filter(([student, row]) => {
    const others = pairs.filter(([other, otherRow]) => otherRow === row && other !== student);
    if (others.length > 0)
      notes.push(`"${student}" and "${others[0]![0]}" have the same row of ${file}: not filled in`);
    return others.length === 0;
  });
  return { rowOf: new Map(single), notes: notes.map(oneLine) };
}

/** A name however its letters are encoded: file systems of a Mac write ü as two characters. */
function written(name: string): string {
  return name.trim().normalize('NFC');
}

/** A sentence about the rows of students who were not graded; none when there are no such rows. */
export function untouched(file: string, names: string[]): string[] {
  if (names.length === 0) return [];
  return [oneLine(`${file} has rows of students who were not graded, which stay as they are: ${firstOf(names)}`)];
}

/** The first of these names, and how many more there are. */
export function firstOf(names: string[]): string {
  const more = names.length > MOST_NAMED ? [`… and ${names.length - MOST_NAMED} more`] : [];
  return [...names.slice(0, MOST_NAMED), ...more].join('; ');
}

/**
 * A grade scaled to the platform's maximum, which may differ from the lab's. The lab's own maximum is lower where the
 * host did not allow everything to be judged.
 *
 * @returns undefined when no points could be had.
 */
export function gradeOutOf({ score, maxScore }: Points, possible?: number): number | undefined {
  if (maxScore === 0) return undefined;
  if (possible === undefined || tidy(possible) === tidy(maxScore)) return tidy(score);
  return Math.round((score / maxScore) * possible * 100) / 100;
}

/** The number in a cell; undefined if there is none above zero. */
export function pointsIn(cell: string | undefined): number | undefined {
  const points = Number(cell?.trim().replace(/^(\d+),(\d+)$/, '$1.$2'));
  return points > 0 && Number.isFinite(points) ? points : undefined;
}
