import { Ajv } from 'ajv';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gradescopeResults } from '../../helpers/report/formats/gradescope.ts';
import { studentView } from '../../helpers/report/student-view.ts';
import { areFinal } from '../../helpers/report/formats/tests.ts';
import {
  anyRubricRecord,
  hostileRecord,
  HOSTILE,
  LONG_LINE,
  MANY_LINES,
  marked,
  marksIn,
  NOW,
  recordOf,
  recordWith,
  RUNS,
} from '../helpers/records.ts';

const DUE = '2026-09-20T00:00:00.000Z';

/** What Gradescope documents of the file: fields, types, and the words that it knows. */
const formats = { enum: ['text', 'html', 'simple_format', 'md', 'ansi'] };
const visibility = { enum: ['hidden', 'after_due_date', 'after_published', 'visible'] };
const [text, points] = [{ type: 'string' }, { type: 'number', minimum: 0 }];
const valid = new Ajv({ strict: false }).compile({
  type: 'object',
  additionalProperties: false,
  properties: {
    ...{ score: points, execution_time: points, output: text, extra_data: { type: 'object' } },
    ...{ output_format: formats, test_output_format: formats, test_name_format: formats },
    ...{ visibility, stdout_visibility: visibility, leaderboard: { type: 'array' } },
    tests: {
      type: 'array',
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['score', 'max_score', 'status', 'name', 'output', 'visibility'],
        properties: {
          ...{ score: points, max_score: points, status: { enum: ['passed', 'failed'] }, number: text },
          ...{ name: text, name_format: formats, output: text, output_format: formats, visibility },
          ...{ tags: { type: 'array', items: text }, extra_data: { type: 'object' } },
        },
      },
    },
  },
});

test('has the score, a test per criterion with what a student needs, and who sees it', () => {
  const record = recordWith([
    { status: 'passed', score: 7.5 },
    { evidence: [{ what: 'docker ps', output: 'nothing\n' }], visibility: 'hidden' },
    { status: 'skipped', withheld: true, maxScore: 0 },
  ]);
  record.durationMs = 2500;
  expect(gradescopeResults(record, NOW)).toMatchObject({
    score: 7.5,
    execution_time: 2.5,
    output: 'a-lab: 1 more rule counts (10 points) and is not shown',
    stdout_visibility: 'hidden',
    tests: [
      {
        ...{ score: 7.5, max_score: 10, status: 'passed', name: 'a-lab: rule 0', number: '1.1', visibility: 'visible' },
        ...{ output: '', tags: ['a-lab'], extra_data: { lab: 'a-lab', id: 'c0', status: 'passed' } },
      },
      {
        ...{ score: 0, max_score: 10, status: 'failed', name: 'a-lab: rule 1', number: '1.2', visibility: 'hidden' },
        output: 'expected: it holds\nseen: it does not hold\nhint: look there\n$ docker ps\nnothing',
      },
    ],
  });
});

test('has no score and no tests when something could not be graded: that is no zero', () => {
  const results = gradescopeResults(recordWith([{ status: 'passed', score: 10 }, { status: 'error' }]), NOW);
  expect(results).not.toHaveProperty('score');
  expect(results).not.toHaveProperty('tests');
  expect(results.output).toContain('No points are lost: run the autograder again.');
});

test('a lab that is missing is a test that failed', () => {
  const [lab] = recordWith([]).labs;
  const missing = { ...lab!, status: 'missing' as const, maxScore: 100, message: 'not handed in' };
  expect(gradescopeResults(recordOf('alice', [missing]), NOW)).toMatchObject({
    score: 0,
    tests: [{ score: 0, max_score: 100, status: 'failed', name: 'a-lab: missing', output: 'missing: not handed in' }],
  });
});

test('a test names no rule that fewer people see than it', () => {
  const record = recordWith([
    { title: 'secret', visibility: 'hidden' },
    { title: 'later', visibility: 'after_due_date', status: 'skipped', blockedBy: 'c0', actual: 'secret' },
    { status: 'skipped', blockedBy: 'c1', actual: 'later' },
    { visibility: 'hidden', status: 'skipped', blockedBy: 'c0', actual: 'it is not there' },
  ]);
  record.labs[0]!.due = DUE;
  const outputs = gradescopeResults(record, NOW).tests!.map(({ output }) => output);
  const unseen = 'not judged: it could not be judged, because of a rule that is not shown';
  expect(outputs.slice(1)).toEqual([unseen, unseen, 'not judged, because of "secret" (c0): it is not there']);
});

test('any record becomes valid results, whose hidden parts stand in hidden tests only', () => {
  fc.assert(
    fc.property(anyRubricRecord, (drawn) => {
      for (const record of [drawn, marked(drawn)]) {
        const results = gradescopeResults(record, NOW);
        expect([valid(results), valid.errors]).toEqual([true, null]);
        expect(JSON.stringify(results)).toBe(JSON.stringify(results).toWellFormed());
        expect(results.tests === undefined).toBe(!areFinal([record]));
      }
      const record = marked(drawn);
      const { tests = [], output } = gradescopeResults(record, NOW);
      for (const each of tests) {
        const seen = [...marksIn(JSON.stringify(each))].map((mark) => mark.split('x').map(Number));
        const ranks = ['visible', 'after_due_date', 'hidden'];
        const rank = ranks.indexOf(each.visibility);
        const of = seen.map(([l, c]) => record.labs[l!]!.criteria[c!]!.visibility ?? 'visible');
        expect(of.filter((other) => ranks.indexOf(other) > rank)).toEqual([]);
      }
      expect(marksIn(output)).toEqual(new Set());
      expect(studentView(record, NOW).labs).toHaveLength(record.labs.length);
    }),
    RUNS,
  );
});

describe('a student’s text', () => {
  test('is plain text that steers nothing', () => {
    const results = gradescopeResults(hostileRecord(HOSTILE), NOW);
    const text = JSON.stringify(results);
    expect([results.output_format, results.test_output_format, results.test_name_format]).toEqual([
      'text',
      'text',
      'text',
    ]);
    expect(new Set(results.tests!.map(({ output_format }) => output_format))).toEqual(new Set(['text']));
    // eslint-disable-next-line no-control-regex -- what may not be in it, escaped or not
    expect(JSON.parse(text) as unknown).not.toMatchObject({ output: expect.stringMatching(/[\u0000-\u0008\u001b]/) });
    expect(text).not.toMatch(/\\u00(0[0-8bcef]|1)/);
    expect(text).toContain('<script>alert(1)</script>');
  });

  test('of megabytes is cut', () => {
    const huge = Array.from({ length: 60 }, () => ({
      actual: LONG_LINE,
      evidence: [{ what: 'x', output: MANY_LINES }],
    }));
    const results = gradescopeResults(recordWith(huge), NOW);
    expect(JSON.stringify(results, null, 2).length).toBeLessThanOrEqual(1_000_000);
    expect(results.tests).toHaveLength(60);
    expect(results.tests![0]!.output).toContain('…');
  });
});
