/**
 * `--format canvas`: `canvas.csv`, to be imported into a Canvas gradebook.
 *
 * Canvas finds students by its own ids and assignments by an id in the column's name, so an exported gradebook
 * (`--roster`) is filled in: its rows and columns stay, and only cells of labs that were graded change. Without one,
 * students are named by their folders (as Student and as SIS Login ID) and Canvas asks which assignment a column is.
 */
import { UsageError } from '../../base/failure.ts';
import { csvText, type Cell } from '../csv.ts';
import { ReportFolder } from '../files.ts';
import type { Place, ReportFormat } from './format.ts';
import { oneLine } from '../../base/inert.ts';
import { countingLabs, isComplete, labsOf, type StudentRecord } from '../record.ts';
import { column, gradeOutOf, matchRows, pointsIn, untouched, type Key, type Roster } from './roster.ts';
import type { Points } from '../whole-points.ts';

const FILE = 'canvas.csv';
const IDENTITY = ['Student', 'ID', 'SIS User ID', 'SIS Login ID', 'Section'];
const POINTS = '    Points Possible';
/** What an assignment for the sum of all labs is called. */
const TOTAL = ['netgrade', 'total'];
const EXCUSED = 'EX';
/** A student of Canvas's own, for trying a course out. */
const TEST_STUDENT = 'Student, Test';

interface Target {
  index: number;
  /** Absent for the total. */
  lab?: string;
}

export const canvas: ReportFormat = {
  about: 'canvas.csv, for a Canvas gradebook (--roster: its export, filled in)',
  readBy: 'instructors',
  isImported: true,
  reads: isGradebook,
  check({ rosters }, labs) {
    const roster = rosters?.find(isGradebook);
    if (roster !== undefined) targetsIn(roster, labs);
  },
  async write(records, place) {
    const roster = place.rosters?.find(isGradebook);
    if (roster === undefined) await write(freshGradebook(records), place);
    else await write(...filledGradebook(roster, records, place));
  },
};

async function write(text: string, { out }: Pick<Place, 'out'>): Promise<void> {
  await new ReportFolder(out).write(FILE, text);
}

function isGradebook(roster: Roster): boolean {
  return column(roster, 'student') !== undefined && column(roster, 'id') !== undefined;
}

function freshGradebook(records: StudentRecord[]): string {
  const labs = countingLabs(records);
  const targets = labs.map((lab, index) => ({ index, lab }));
  const most = targets.map((each) => Math.max(...records.map((record) => pointsFor(record, each)?.maxScore ?? 0)));
  const rows = records.map((record): Cell[] => [
    ...[record.student, '', '', record.student, ''],
    ...targets.map((each, i) => gradeFor(record, each, most[i]) ?? ''),
  ]);
  return csvText([[...IDENTITY, ...labs], [POINTS, '', '', '', '', ...most], ...rows]);
}

function filledGradebook(roster: Roster, records: StudentRecord[], { out, stderr }: Place): [string, { out: string }] {
  const targets = targetsIn(roster, labsOf(records));
  const names = column(roster, 'student')!;
  const pointsRow = roster.rows.findIndex((row) => row[names]!.trim() === POINTS.trim());
  const people = { ...roster, rows: roster.rows.slice(pointsRow + 1) };
  const keys = ['SIS Login ID', 'SIS User ID', 'ID', 'Student'].flatMap((name) => {
    const index = column(roster, name.toLowerCase());
    return index === undefined ? [] : [{ name, of: (row: string[]) => row[index]! }];
  });
  const byId = userId(column(roster, 'id')!);
  const ids = new Set(people.rows.map((row) => byId.of(row)));
  const known = records.map((record) => knownIn(ids, record));
  const { rowOf, notes } = matchRows(people, [...keys, byId], known);
  const recordOf = new Map(records.map((record, i) => [rowOf.get(known[i]!), record]));
  const rows = roster.rows.map((row) => {
    const record = recordOf.get(row);
    return record === undefined ? row : filledRow(row, record, targets, roster.rows[pointsRow]);
  });
  const nobody = people.rows.filter((row) => !recordOf.has(row)).map((row) => row[names]!);
  const sentences = [
    ...notes,
    ...untouched(roster.file, nobody.filter((name) => name.trim() !== TEST_STUDENT)), // prettier-ignore
    ...unfilled(roster, records, targets),
    ...scaled(roster, records, targets, roster.rows[pointsRow]),
  ];
  stderr.write(sentences.map((sentence) => `netgrade: ${FILE}: ${sentence}\n`).join(''));
  return [csvText([roster.header, ...rows], roster.delimiter), { out }];
}

/** How the gradebook knows a student: by Canvas's id, if a download of Canvas was graded, or else by the student's name. */
function knownIn(ids: Set<string>, { student, labs }: StudentRecord): string {
  const own = labs.flatMap(({ submitter }) =>
    submitter?.platform === 'canvas' && submitter.id !== undefined ? [`#${submitter.id}`] : [],
  );
  return new Set(own).size === 1 && ids.has(own[0]!) ? own[0]! : student;
}

function userId(index: number): Key {
  return { name: "the user's ID", of: (row) => `#${row[index]!.trim()}` };
}

/** Fills in a student's row. A cell stays as it was if its lab could not be graded, or if the student is excused. */
function filledRow(row: string[], record: StudentRecord, targets: Target[], possible: string[] | undefined): Cell[] {
  const cells: Cell[] = [...row];
  for (const target of targets) {
    const { index } = target;
    if (row[index]!.trim().toUpperCase() === EXCUSED) continue;
    cells[index] = gradeFor(record, target, pointsIn(possible?.[index])) ?? row[index]!;
  }
  return cells;
}

/** @throws {UsageError} when no column belongs to a lab or to the total, or when two columns belong to the same one. */
function targetsIn({ file, header }: Roster, labs: string[]): Target[] {
  const targets = [...labs, undefined].flatMap((lab): Target[] => {
    const fitting = header.flatMap((cell, index) => {
      const [, name = '', id] = /^(.*?)(?:\s*\((\d+)\))?$/s.exec(cell.trim()) ?? [];
      // Canvas's own sums have no id.
      const fits = lab === undefined ? id !== undefined && TOTAL.includes(name.toLowerCase()) : name === lab;
      return fits ? [index] : [];
    });
    if (fitting.length <= 1) return fitting.map((index) => ({ index, ...(lab === undefined ? {} : { lab }) }));
    const named = fitting.map((index) => `"${header[index]!}"`).join(' and ');
    throw new UsageError(`--roster ${file} has several columns for ${lab ?? 'the total'}: ${named}; keep one of them`);
  });
  if (targets.length > 0) return targets;
  throw new UsageError(
    `--roster ${file} has no column to fill in: name the assignment in Canvas after the lab (${labs.join(', ')}), or ${TOTAL[0]!} for the sum of all, and export the gradebook again`,
  );
}

function unfilled({ file }: Roster, records: StudentRecord[], targets: Target[]): string[] {
  if (targets.some(({ lab }) => lab === undefined)) return [];
  const without = labsOf(records).filter((name) => !targets.some(({ lab }) => lab === name));
  return without.length === 0 ? [] : [oneLine(`${file} has no column for ${without.join(', ')}`)];
}

function scaled(roster: Roster, records: StudentRecord[], targets: Target[], possible: string[] | undefined): string[] {
  return targets.flatMap((target) => {
    const points = pointsIn(possible?.[target.index]);
    const others = records.filter((record) => {
      const grade = gradeFor(record, target);
      return points !== undefined && grade !== undefined && grade !== gradeFor(record, target, points);
    });
    if (others.length === 0) return [];
    return [
      oneLine(`"${roster.header[target.index]!}" has ${points!} points there: grades were converted to that maximum`),
    ];
  });
}

/** @returns undefined if it was not graded, or could not be. */
function gradeFor(record: StudentRecord, target: Target, possible?: number): number | undefined {
  const points = pointsFor(record, target);
  return points === undefined ? undefined : gradeOutOf(points, possible);
}

function pointsFor(record: StudentRecord, { lab }: Target): Points | undefined {
  if (lab === undefined) return isComplete(record) ? record : undefined;
  return record.labs.find((each) => each.lab === lab && each.status !== 'error' && each.counts !== false);
}
