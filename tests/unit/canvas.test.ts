import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../helpers/base/failure.ts';
import { canvas } from '../../helpers/report/formats/canvas.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { readRoster, type Roster } from '../../helpers/report/formats/roster.ts';
import { HOSTILE_LINES, NOW, recordOf, recordWith } from '../helpers/records.ts';
import { written } from '../helpers/written.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-canvas-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const HEADER = 'Student,ID,SIS User ID,SIS Login ID,Section';

function roster(...lines: string[]): Roster {
  const file = path.join(folder, 'export.csv');
  writeFileSync(file, `\ufeff${lines.join('\n')}\n`);
  return readRoster(file);
}

async function filled(records: StudentRecord[], list?: Roster): Promise<{ rows: string[][]; printed: string }> {
  const { files, printed } = await written(['canvas'], records, list === undefined ? [] : [list]);
  return { rows: parse(files['canvas.csv']!), printed };
}

/** So many of ten points in each of these labs; nothing where it could not be graded. */
function graded(student: string, labs: Record<string, number | undefined>): StudentRecord {
  return recordOf(
    student,
    Object.entries(labs).map(([lab, score]) => {
      const [one] = recordWith([score === undefined ? { status: 'error' } : { score, status: 'passed' }]).labs;
      return { ...one!, lab };
    }),
  );
}

describe('without a roster', () => {
  test('students are named by their folders, and the columns by the labs', async () => {
    const records = [graded('alice', { one: 7, two: 2.5 }), graded('bob', { one: undefined, two: 0 })];
    expect((await filled(records)).rows).toEqual([
      [...HEADER.split(','), 'one', 'two'],
      ['    Points Possible', '', '', '', '', '10', '10'],
      ['alice', '', '', 'alice', '', '7', '2.5'],
      ['bob', '', '', 'bob', '', '', '0'],
    ]);
  });

  test('a lab that does not count has no column', async () => {
    const records = ['alice', 'bob'].map((name) => graded(name, { one: 7, two: 0 }));
    for (const { labs } of records) labs[1]!.counts = false;
    expect((await filled(records)).rows[0]).toEqual([...HEADER.split(','), 'one']);
    const { files } = await written(['moodle'], records);
    const rows: string[][] = parse(files['moodle.csv']!);
    expect(rows[0]).toEqual(['username', 'one', 'one feedback', 'total']);
  });

  test('a lab of which a host judged only a part is converted to what the others could get', async () => {
    const part = graded('bob', { one: 4 });
    part.labs[0]!.maxScore = 8;
    const { rows } = await filled([graded('alice', { one: 7 }), part]);
    expect(rows.map((row) => row.at(-1))).toEqual(['one', '10', '7', '5']);
  });
});

describe('with an exported gradebook', () => {
  const POINTS = '    Points Possible,,,,,10.0,20,(read only),10';
  const COLUMNS = `${HEADER},one (11),Essay (12),Final Score,netgrade (13)`;

  test('only graded cells change: other columns, EX, what could not be graded, and other students stay', async () => {
    const list = roster(
      COLUMNS,
      POINTS,
      '"Adams, Alice",1,s1,alice,A and B,,15,70.1,',
      '"Brown, Bob",2,s2,bob,A,EX,-3.5,,4',
      '"Cook, Eve",3,s3,eve,A,6,,,6',
      '"Dunn, Dan",4,s4,dan,A,1,2,3,4',
      '"Student, Test",5,,x,A,,,,',
    );
    const records = [
      graded('alice', { one: 7 }),
      graded('bob', { one: 8 }),
      graded('eve', { one: undefined }),
      graded('zoe', { one: 1 }),
    ];
    const { rows, printed } = await filled(records, list);
    expect(rows).toEqual([
      COLUMNS.split(','),
      POINTS.split(','),
      ['Adams, Alice', '1', 's1', 'alice', 'A and B', '7', '15', '70.1', '7'],
      ['Brown, Bob', '2', 's2', 'bob', 'A', 'EX', '-3.5', '', '8'],
      ['Cook, Eve', '3', 's3', 'eve', 'A', '6', '', '', '6'],
      ['Dunn, Dan', '4', 's4', 'dan', 'A', '1', '2', '3', '4'],
      ['Student, Test', '5', '', 'x', 'A', '', '', '', ''],
    ]);
    expect(printed).toMatch(/^netgrade: canvas\.csv: "zoe" is not in .*export\.csv \(looked for in SIS Login ID, /);
    expect(printed).toMatch(/rows of students who were not graded, which stay as they are: Dunn, Dan\n/);
    expect(printed).not.toContain('Student, Test');
  });

  test('those who are not in it are said in one sentence, also where it is the list of another class', async () => {
    const list = roster(COLUMNS, POINTS, '"Dunn, Dan",99,x99,dan,A,1,2,3,4');
    const { printed } = await filled(
      Array.from({ length: 60 }, (_, i) => graded(`s${i + 1}`, { one: 1 })),
      list,
    );
    expect(printed).toMatch(/canvas\.csv: 60 students are not in .*: "s1"; "s2"; .*; "s10"; … and 50 more\n/);
    expect(printed.split('\n')).toHaveLength(3);
  });

  test.each(['login-a', 'sis-a', '17', 'Adams, Alice'])('a student is found by %j', async (name) => {
    const list = roster(`${HEADER},one (11)`, '"Adams, Alice",17,sis-a,login-a,A,');
    expect((await filled([graded(name, { one: 3 })], list)).rows[1]).toEqual(
      ['Adams, Alice', '17', 'sis-a', 'login-a', 'A', '3'], // prettier-ignore
    );
  });

  test('nobody is guessed: not the same name twice, not two students in a row, not nearly the same', async () => {
    const list = roster(`${HEADER},one (11)`, 'Sam,1,,,,', 'Sam,2,,,,', 'Kim,3,k,kim,,', 'Lee,4,,lee,,');
    const records = ['Sam', 'k', 'kim', 'LEE'].map((name) => graded(name, { one: 5 }));
    const { rows, printed } = await filled(records, list);
    expect(rows.slice(1).map((row) => row.at(-1))).toEqual(['', '', '', '']);
    expect(printed).toContain('2 rows of');
    expect(printed).toContain('"k" and "kim" have the same row of');
    expect(printed).toContain('"LEE" is not in');
  });

  test('whoever a download of Canvas has is found by Canvas’s id', async () => {
    const list = roster(
      `${HEADER},one (7)`,
      'Points Possible,,,,,10',
      '"Wei, Chen",12347,,wei1,,',
      '"Wei, Chen",12399,,wei2,,',
    );
    const record = graded('weichen 12399', { one: 7 });
    record.labs[0]!.submitter = { platform: 'canvas', name: 'weichen', id: '12399' };
    const { rows, printed } = await filled([record], list);
    expect(rows.map((row) => row[5])).toEqual(['one (7)', '10', '', '7']);
    expect(printed).not.toContain('weichen');
  });

  test('grades are converted where Canvas has another maximum, which is said', async () => {
    const list = roster(`${HEADER},one (11)`, '    Points Possible,,,,,3', 'Alice,1,,alice,,');
    const { rows, printed } = await filled([graded('alice', { one: 5 })], list);
    expect(rows.at(-1)!.at(-1)).toBe('1.5');
    expect(printed).toContain('"one (11)" has 3 points there: grades were converted to that maximum');
  });

  test('that is separated by semicolons stays so', async () => {
    const list = roster(`${HEADER},one (11)`.replaceAll(',', ';'), 'Adams, Alice;1;;alice;;');
    const { files } = await written(['canvas'], [graded('alice', { one: 5 })], [list]);
    expect(files['canvas.csv']).toContain('Adams, Alice;1;;alice;;5\r\n');
  });

  test.each([
    [`${HEADER},Essay (12),total`, /has no column to fill in: name the assignment in Canvas after the lab \(one\)/],
    [`${HEADER},one (11),one (12)`, /several columns for one: "one \(11\)" and "one \(12\)"; keep one/],
  ])('with the columns %s is refused before anything is graded', (header, reason) => {
    const silent = { write: () => true };
    const place = { out: folder, env: {}, now: NOW, rosters: [roster(header)], stdout: silent, stderr: silent };
    expect(() => {
      canvas.check!(place, ['one']);
    }).toThrow(reason);
  });

  test('a cell that a student chose is no formula', async () => {
    const cells = HOSTILE_LINES.map((line, i) => `"${line.replaceAll('"', '""')}",${i},,u${i},,`);
    const { rows } = await filled([graded('u0', { one: 1 })], roster(`${HEADER},one (11)`, ...cells));
    expect(rows).toHaveLength(HOSTILE_LINES.length + 1);
    expect(rows.map((row) => row[0]!).filter((cell) => /^\s*[=+\-@＝]/.test(cell))).toEqual([]);
  });
});

test.each([
  ['there is none', undefined, /cannot be read/],
  ['it is not UTF-8', Buffer.from([0x41, 0x2c, 0xff]), /it is not UTF-8 text/],
  ['it is no table', 'one line\n', /its first line has to name its columns/],
  ['a quote is never closed', 'a,b\n"c,d\n', /cannot be read as CSV/],
])('a roster is refused when %s', (_, content, reason) => {
  const file = path.join(folder, content === undefined ? 'none.csv' : 'bad.csv');
  if (content !== undefined) writeFileSync(file, content);
  expect(() => readRoster(file)).toThrow(reason);
  expect(() => readRoster(file)).toThrow(UsageError);
});
