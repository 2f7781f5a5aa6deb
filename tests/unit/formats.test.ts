/** What holds for every format, whatever the record is. */
import { parse } from 'csv-parse/sync';
import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { marked as markdown } from 'marked';
import { UsageError } from '../../helpers/base/failure.ts';
import { ChosenFormats, FORMATS } from '../../helpers/report/formats/chosen.ts';
import type { GradescopeResults } from '../../helpers/report/formats/gradescope.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { isShown, studentView } from '../../helpers/report/student-view.ts';
import { areFinal } from '../../helpers/report/formats/tests.ts';
import { tidy } from '../../helpers/report/whole-points.ts';
import { all, junitErrors } from '../helpers/junit.ts';
import { anyRubricRecord, marked, marksIn, NOW, recordWith, RUNS } from '../helpers/records.ts';
import { written, type Written } from '../helpers/written.ts';
import { parseXml } from '../helpers/xml.ts';

/** Each run writes a folder of files. */
const WRITING = { ...RUNS, numRuns: 20 };
jest.setTimeout(30_000);

const names = Object.keys(FORMATS);
const readBy = (who: string): string[] => names.filter((name) => FORMATS[name]!.readBy === who);

/** Of formats with parts for either, what a student named alice reads. */
const STUDENT_PARTS: Record<string, (files: Written['files']) => string> = {
  html: (files) => files['alice.html']!,
  moodle: (files) => files['moodle.csv']!,
  gradescope: (files) => {
    const { tests = [], ...rest } = JSON.parse(files['results.json']!) as GradescopeResults;
    return JSON.stringify({ ...rest, tests: tests.filter(({ visibility }) => visibility === 'visible') });
  },
};

/** Criteria by where they are, as `marksIn` names them. */
function shownIn({ labs }: StudentRecord): Set<string> {
  const where = labs.flatMap((lab, l) =>
    lab.criteria.flatMap((criterion, c) => (isShown(criterion, lab, NOW) ? [`${l}x${c}`] : [])),
  );
  return new Set(where);
}

function beyond(text: string, allowed: Set<string>): string[] {
  return [...marksIn(text)].filter((mark) => !allowed.has(mark));
}

describe('hidden rules', () => {
  test('are in nothing that a format for students writes or prints', async () => {
    await fc.assert(
      fc.asyncProperty(anyRubricRecord, async (drawn) => {
        const record = marked(drawn);
        const { files, printed } = await written(readBy('students'), [record]);
        const shown = shownIn(record);
        for (const text of [...Object.values(files), printed]) expect(beyond(text, shown)).toEqual([]);
        // So that there was something to be seen at all.
        expect(marksIn(files['alice.md']!)).toEqual(shown);
      }),
      WRITING,
    );
  });

  test.each(readBy('both'))('are not in the part of %s that a student reads', async (name) => {
    const part = STUDENT_PARTS[name];
    // Say above which part of a new format a student reads.
    expect(part).toBeDefined();
    await fc.assert(
      fc.asyncProperty(anyRubricRecord, async (drawn) => {
        const record = marked(drawn);
        const { files, printed } = await written([name], [record]);
        expect(beyond(part!(files) + printed, shownIn(record))).toEqual([]);
      }),
      WRITING,
    );
  });

  test.each([
    [['json'], {}, true],
    [['json', 'canvas', 'moodle'], {}, true],
    [['json'], { CI: 'true' }, false],
    ...names.filter((name) => FORMATS[name]!.openLog).map((name) => [['json', name], {}, false] as const),
  ])('with --format %j and the variables %j they are printed: %s', (chosen, env, whole) => {
    const silent = { write: () => true };
    const place = { out: 'nowhere', env: env as NodeJS.ProcessEnv, now: NOW, stdout: silent, stderr: { ...silent } };
    const formats = new ChosenFormats([...chosen], place);
    const record = recordWith([{ status: 'passed', score: 10 }, { visibility: 'hidden' }]);
    const view = studentView(record, NOW);
    expect(formats.printable(record)).toEqual(whole ? record : view);
    expect(formats.printableLab(record.labs[0]!)).toEqual(whole ? record.labs[0] : view.labs[0]);
  });
});

describe('sums', () => {
  async function each(check: (record: StudentRecord, files: Written['files']) => void): Promise<void> {
    await fc.assert(
      fc.asyncProperty(anyRubricRecord, async (drawn) => {
        const record = marked(drawn);
        const { files } = await written(
          // PrairieLearn's file has the name of Gradescope's; its sums are in prairielearn.test.ts.
          names.filter((name) => !['html', 'prairielearn'].includes(name)),
          [record],
        );
        check(record, files);
        for (const text of Object.values(files)) expect(text).not.toMatch(/NaN|Infinity|undefined/);
      }),
      WRITING,
    );
  }
  const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);

  test('of grades, in what instructors import, are those of the whole record', async () => {
    await each((record, files) => {
      const final = areFinal([record]);
      const [, possible = [], row = []] = parse(files['canvas.csv']!);
      const [header = [], grades = []] = parse(files['moodle.csv']!);
      const cells = header.flatMap((name, i) => (/^lab-\d$/.test(name) ? [grades[i]!] : []));
      const counted = record.labs.filter(({ status, maxScore }) => status !== 'error' && maxScore > 0);
      for (const column of [row.slice(5), cells]) {
        const numbers = column.filter((cell) => /\d/.test(cell));
        expect(numbers).toHaveLength(counted.length);
        expect(sum(numbers.map(Number))).toBeCloseTo(sum(counted.map(({ score }) => score)));
      }
      expect(sum(possible.slice(5).map(Number))).toBeCloseTo(sum(counted.map(({ maxScore }) => maxScore)));
      expect(grades.at(-1)).toBe(final && record.maxScore > 0 ? String(tidy(record.score)) : '-');
      const { score, tests } = JSON.parse(files['results.json']!) as GradescopeResults;
      expect([score !== undefined, tests !== undefined]).toEqual([final, final]);
      expect(sum((tests ?? []).map((each) => each.score))).toBeCloseTo(score ?? 0);
      expect(sum((tests ?? []).map((each) => each.max_score))).toBeCloseTo(final ? record.maxScore : 0);
      expect(score ?? record.score).toBeCloseTo(record.score);
    });
  });

  test('of points, in what students read, are those of what they may see', async () => {
    await each((record, files) => {
      const view = studentView(record, NOW);
      const tables = markdown.lexer(files['alice.md']!).filter((token) => token.type === 'table');
      const rows = (tables as { rows: { text: string }[][] }[]).flatMap((table) =>
        table.rows.map((row) => row[2]!.text),
      );
      const without = view.labs.filter(({ criteria }) => criteria.length === 0);
      const points = rows.map((cell) => cell.split(' / ').map(Number));
      expect(sum(points.map(([score = 0]) => score))).toBeCloseTo(view.score - sum(without.map(({ score }) => score)));
      expect(sum(points.map(([, max = 0]) => max))).toBeCloseTo(
        view.maxScore - sum(without.map((lab) => lab.maxScore)),
      );

      const xml = parseXml(files['junit.xml']!);
      expect(junitErrors(xml)).toEqual([]);
      const properties = (name: RegExp): string[] =>
        all(xml, 'property')
          .filter(({ attributes }) => name.test(attributes['name']!))
          .map(({ attributes }) => attributes['value']!);
      expect(sum(properties(/^score$/).map(Number))).toBeCloseTo(view.score);
      expect(sum(properties(/^maxScore$/).map(Number))).toBeCloseTo(view.maxScore);
      expect(sum(properties(/^points /).map((each) => Number(each.split('/')[0])))).toBeCloseTo(view.score);
    });
  });
});

test('a class without anybody is written, too', async () => {
  const { files } = await written(['markdown', 'junit', 'canvas', 'moodle'], []);
  expect(Object.keys(files).sort()).toEqual(['canvas.csv', 'junit.xml', 'moodle.csv']);
  expect(junitErrors(parseXml(files['junit.xml']!))).toEqual([]);
});

test('a roster that no chosen format reads is refused', () => {
  const silent = { write: () => true };
  const roster = { file: 'list.csv', delimiter: ',' as const, header: ['a', 'b'], rows: [] };
  const place = { out: 'nowhere', env: {}, now: NOW, rosters: [roster], stdout: silent, stderr: silent };
  expect(() => new ChosenFormats(['json', 'canvas', 'moodle'], place)).toThrow(UsageError);
});
