import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { parseReportOptions } from '../../helpers/cli/report-options.ts';
import { rescore, writeAnew } from '../../helpers/cli/rescore.ts';
import { readRecordOf, readRecords } from '../../helpers/report/read-records.ts';
import { loadRubric, remarksOn } from '../../helpers/report/rubric/load.ts';
import { catalogueRubric } from '../../helpers/report/rubric/rubric.ts';
import { recordWith } from '../helpers/records.ts';
import { wholeCatalogue, type Catalogue } from '../helpers/rubrics.ts';

let root: string;
let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await wholeCatalogue();
});
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-unit-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(file: string, content: unknown): string {
  const target = path.join(root, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, typeof content === 'string' ? content : JSON.stringify(content));
  return target;
}

describe('records from a disk', () => {
  test('all that are there, but what is another file of a run', () => {
    put('bob.json', recordWith([{}], 'bob'));
    put('alice.json', recordWith([{}], 'alice'));
    put('student-summary.json', recordWith([{}], 'summary'));
    put('summary.json', { schemaVersion: 1 });
    put('gradebook.csv', '');
    expect(readRecords(root).map(({ student }) => student)).toEqual(['alice', 'bob', 'summary']);
    expect(readRecordOf(root, 'summary').student).toBe('summary');
    expect(() => readRecordOf(root, 'allice')).toThrow('did you mean alice?');
  });

  test.each<[string, unknown, RegExp]>([
    ['half a file', '{"schemaVersion": 1,', /bob\.json cannot be read as a record/],
    ['something else', { schemaVersion: 1 }, /bob\.json is not a record: it must have required property/],
    [
      'a score that is a text',
      { ...recordWith([{}], 'bob'), score: '5' },
      /bob\.json is not a record: \/score must be number/,
    ],
    [
      'somebody else’s record',
      recordWith([{}], 'eve'),
      /bob\.json is a record of "eve", whose file would be eve\.json/,
    ],
    ['one that leads elsewhere', recordWith([{}], '../eve'), /whose file would be _\._eve-[0-9a-f]+\.json/],
  ])('%s is named and refused, and nothing is written', async (_, content, message) => {
    put('reports/alice.json', recordWith([{}], 'alice'));
    put('reports/bob.json', content);
    const folder = path.join(root, 'reports');
    expect(() => readRecords(folder)).toThrow(message);
    const rubric = catalogueRubric(catalogue.values());
    const rescoring = { from: folder, out: path.join(root, 'new'), rubric, check: () => undefined };
    await expect(rescore(rescoring)).rejects.toThrow(message);
    expect(() => readRecords(path.join(root, 'new'))).toThrow('there is no folder');
  });

  test('written anew where they lie, the summary still says where the run’s time went', async () => {
    const records = [recordWith([{}], 'alice')];
    const run = { timings: { prepare: 1, grade: 2, report: 3, remove: 4 } };
    put('summary.json', { schemaVersion: 1, complete: true, digests: {}, run });
    await writeAnew(records, { from: root, out: root, order: catalogue.keys() });
    expect(JSON.parse(readFileSync(path.join(root, 'summary.json'), 'utf8'))).toMatchObject({ complete: true, run });
  });

  test('written into a folder that has others, they replace nothing that says more, and all are in the class’s files', async () => {
    const out = path.join(root, 'out');
    const [failed, passed] = [recordWith([{ status: 'error' }], 'alice'), recordWith([{ status: 'passed' }], 'alice')];
    const error = { ...failed, labs: failed.labs.map((lab) => ({ ...lab, status: 'error' as const })) };
    put('out/alice.json', passed);
    put('out/bob.json', recordWith([{}], 'bob'));
    const dora = recordWith([{}], 'dora');
    const all = await writeAnew([error, dora], { from: root, out, order: catalogue.keys() });
    expect(all.map(({ student }) => student)).toEqual(['alice', 'bob', 'dora']);
    expect(readRecordOf(out, 'alice').labs[0]?.status).toBe('graded');
    expect(readRecordOf(out, 'dora')).toEqual(dora);
    expect(readFileSync(path.join(out, 'gradebook.csv'), 'utf8').trim().split('\r\n')).toHaveLength(4);
  });

  test('a folder without any', () => {
    expect(() => readRecords(root)).toThrow('there are no records in');
  });
});

describe('the rubric of a run', () => {
  const RUBRIC =
    'due: 2026-12-01T00:00:00Z\nlate: { perDay: 10 }\nhandedIn: list.csv\nextensions: { alcie: 2026-12-02T00:00:00Z }\n';
  const submissions = (): string => path.join(root, 'submissions');

  test('lies in the course’s folder; the record is told which it was, and which list', () => {
    put('labs/rubric.yaml', RUBRIC);
    put('labs/list.csv', 'student,time\nbob,2026-12-01T00:00:00Z\n');
    const rubric = loadRubric({ ownLabs: [path.join(root, 'labs')], submissions: submissions() }, catalogue);
    expect(rubric.stamp).toEqual({
      file: 'rubric.yaml',
      sha256: expect.stringMatching(/^[0-9a-f]{12}$/),
      handedIn: { file: 'list.csv', sha256: expect.stringMatching(/^[0-9a-f]{12}$/) },
    });
    expect(remarksOn(rubric, ['alice', 'bob'])).toEqual([
      'the rubric gives an extension to "alcie", who is not among the students: is it alice?',
      'the list of when work was handed in does not have alice; nothing is taken off for being late there',
    ]);
  });

  test('is the catalogue’s own without a file', () => {
    expect(loadRubric({ ownLabs: [root], submissions: submissions() }, catalogue).stamp).toBeUndefined();
  });

  test('is one', () => {
    put('a/rubric.yaml', 'hints: none\n');
    put('b/rubric.yml', 'hints: none\n');
    const ownLabs = ['a', 'b'].map((each) => path.join(root, each));
    expect(() => loadRubric({ ownLabs, submissions: submissions() }, catalogue)).toThrow('there are 2 rubrics');
  });

  test.each([
    ['itself', 'submissions/eve/rubric.yaml', 'labs/list.csv', /the rubric .* lies among the submissions/],
    [
      'its list',
      'labs/rubric.yaml',
      'submissions/eve/list.csv',
      /the list of when work was handed in .* lies among the submissions/,
    ],
  ])('is never read from where students write: %s, not even by a link', (_, rubricFile, listFile, message) => {
    const rubric = put(rubricFile, RUBRIC.replace('list.csv', path.join(root, listFile)));
    put(listFile, 'student,time\n');
    mkdirSync(submissions(), { recursive: true });
    const link = path.join(root, 'link.yaml');
    symlinkSync(rubric, link);
    for (const file of [rubric, link])
      expect(() => loadRubric({ rubric: file, ownLabs: [], submissions: submissions() }, catalogue)).toThrow(message);
  });

  test('that is named has to be there', () => {
    expect(() =>
      loadRubric({ rubric: path.join(root, 'no.yaml'), ownLabs: [], submissions: submissions() }, catalogue),
    ).toThrow('there is no rubric');
  });
});

test.each([
  [['--host', 'local'], /there is no option "--host"/],
  [['--rubric', 'a.yaml', '--own-points'], /leave one of them out/],
  [['--format', 'moodel'], /--format "moodel" is not one of: json, html/],
])('npm run report -- reports %j is refused', (args, reason) => {
  expect(() => parseReportOptions(['reports', ...args])).toThrow(reason);
});

test('npm run report writes where the records are, unless it is told to write elsewhere', () => {
  expect(parseReportOptions(['here'])).toMatchObject({ from: path.resolve('here'), out: path.resolve('here') });
  const there = parseReportOptions(['here', 'alice', '--out', 'there', '--min-score', '5']);
  expect(there).toMatchObject({ out: path.resolve('there'), students: ['alice'], minScore: 5 });
});
