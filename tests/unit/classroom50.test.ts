import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { classroom50Result } from '../../helpers/report/formats/classroom50.ts';
import { ReportFolder } from '../../helpers/report/files.ts';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import { areFinal } from '../../helpers/report/formats/tests.ts';
import { anyFractionalRecord, anyRecord, HOSTILE, NOW, recordWith, RUNS } from '../helpers/records.ts';

/** As Classroom 50's runner sets it. */
const ENV = {
  CLASSROOM: 'networks',
  ASSIGNMENT: 'exercise-2',
  ASSIGNMENT_TYPE: 'group',
  OWNER: 'alice',
  USERNAME: 'alice',
  SUBMISSION_TAG: 'submit/2026-09-01T10-20-30Z-a1b2c3d',
  COMMIT_URL: 'https://git.example/o/r/commit/a1b2c3d',
  RELEASE_URL: 'https://git.example/o/r/releases/tag/submit%2Fx',
  REVIEW_URL: 'https://git.example/o/r/compare/a...b',
  GITHUB_ACTOR: 'bob',
  GITHUB_ACTOR_ID: '42',
};

/** The contract, from Classroom 50's published schema: which fields there are, and their types. */
const text = { type: 'string', minLength: 1 };
const points = { type: 'integer', minimum: 0 };
const instant = { type: 'string', pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}Z$' };
const links = ['classroom', 'assignment', 'owner', 'commit', 'release', 'review'];
const valid = new Ajv({ strict: false }).compile({
  type: 'object',
  additionalProperties: false,
  required: [...links, 'schema', 'assignment_type', 'submission', 'datetime', 'score', 'max-score', 'tests'],
  properties: {
    ...Object.fromEntries(links.map((link) => [link, text])),
    schema: { const: 'classroom50/result/v1' },
    assignment_type: { enum: ['individual', 'group', 'team'] },
    submission: { type: 'string', pattern: '^submit/' },
    datetime: instant,
    graded_at: instant,
    score: points,
    'max-score': points,
    submitted_by: {
      type: 'object',
      required: ['username'],
      properties: { username: text, id: { type: ['integer', 'null'] } },
    },
    tests: {
      type: 'array',
      items: {
        type: 'object',
        required: ['test-name', 'passed', 'score', 'max-score'],
        properties: { 'test-name': text, passed: { type: 'boolean' }, score: points, 'max-score': points },
      },
    },
  },
});

test('says who handed in what, from the variables of the runner', () => {
  const record = recordWith([
    { status: 'passed', score: 10, title: 'runs' },
    { title: 'resolves', maxScore: 5 },
  ]);
  expect(classroom50Result(record, ENV)).toEqual({
    schema: 'classroom50/result/v1',
    classroom: 'networks',
    assignment: 'exercise-2',
    assignment_type: 'group',
    owner: 'alice',
    submission: 'submit/2026-09-01T10-20-30Z-a1b2c3d',
    commit: ENV.COMMIT_URL,
    release: ENV.RELEASE_URL,
    review: ENV.REVIEW_URL,
    datetime: '2026-09-01T10:20:30Z',
    graded_at: '2026-09-01T10:20:30Z',
    score: 10,
    'max-score': 15,
    tests: [
      { 'test-name': 'runs', passed: true, score: 10, 'max-score': 10 },
      {
        'test-name': 'resolves',
        passed: false,
        score: 0,
        'max-score': 5,
        message: 'expected: it holds; seen: it does not hold; hint: look there',
      },
    ],
    submitted_by: { username: 'bob', id: 42 },
  });
});

test('an older runner sets no REVIEW_URL; what nothing says is empty, so that it is refused and not misattributed', () => {
  const older = { ...ENV, REVIEW_URL: '', GITHUB_ACTOR_ID: '' };
  expect(classroom50Result(recordWith([{}]), older)).toMatchObject({
    review: ENV.COMMIT_URL,
    submitted_by: { username: 'bob', id: null },
  });
  const byHand = classroom50Result(recordWith([{}]), {});
  expect(byHand).toMatchObject({ owner: 'alice', assignment_type: 'individual', submission: '', classroom: '' });
  expect(byHand).not.toHaveProperty('submitted_by');
  expect(valid(byHand)).toBe(false);
});

test('has no tests and no points when something could not be graded', () => {
  const record = recordWith([{ status: 'passed', score: 10 }, { status: 'error' }]);
  expect(classroom50Result(record, ENV)).toMatchObject({ score: 0, 'max-score': 0, tests: [] });
});

test('any record becomes a valid result whose sums are the record’s', () => {
  fc.assert(
    fc.property(fc.oneof(anyRecord, anyFractionalRecord), (record) => {
      const result = classroom50Result(record, ENV);
      expect([valid(result), valid.errors]).toEqual([true, null]);
      const final = areFinal([record]);
      expect(result.score).toBe(final ? Math.floor(record.score + 1e-6) : 0);
      expect(result['max-score']).toBe(final ? Math.floor(record.maxScore + 1e-6) : 0);
      expect(result.tests.reduce((sum, { score }) => sum + score, 0)).toBe(result.score);
      expect(result.tests.reduce((sum, each) => sum + each['max-score'], 0)).toBe(result['max-score']);
      expect(result.tests.filter((each) => each.score > each['max-score'])).toEqual([]);
    }),
    RUNS,
  );
});

test('a message is short, and one line', () => {
  const huge = `${HOSTILE}${'x'.repeat(2_000_000)}`;
  const [only] = classroom50Result(recordWith([{ actual: huge, expected: huge }]), ENV).tests;
  expect(only?.message).toMatch(/^expected: [^\n]{1000,2000}…$/);
});

test('result.json stands in the reports folder, also beside a student who is called "result"', async () => {
  const out = mkdtempSync(path.join(os.tmpdir(), 'netgrade-classroom50-'));
  try {
    const record = recordWith([{}], 'result');
    await new ReportFolder(out).writeRecord(record);
    const silent = { write: () => true };
    await new ChosenFormats(['classroom50'], { out, env: ENV, now: NOW, stdout: silent, stderr: { ...silent } }).write([
      record,
    ]);
    const read = (file: string): unknown => JSON.parse(readFileSync(path.join(out, file), 'utf8'));
    expect(read('result.json')).toMatchObject({ schema: 'classroom50/result/v1' });
    expect(read('student-result.json')).toEqual(record);
    // What the student opens is the release; its text has what was expected and seen.
    const body = readFileSync(path.join(out, 'release-body.md'), 'utf8');
    expect(body).toContain('it does not hold');
    expect(body.length).toBeLessThanOrEqual(125_000);
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
});
