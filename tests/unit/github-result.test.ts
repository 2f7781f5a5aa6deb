import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { autogradingResult, encode, type AutogradingResult } from '../../helpers/report/formats/github/result.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { areFinal } from '../../helpers/report/formats/tests.ts';
import { obeyed } from '../helpers/github-runner.ts';
import {
  anyFractionalRecord,
  anyRecord,
  HOSTILE,
  hostileRecord,
  recordOf,
  recordWith,
  RUNS,
} from '../helpers/records.ts';

const LIMIT = 131_072;
const HUGE = `${HOSTILE}\n${'é'.repeat(2_000_000)}`;

function decoded(result: string): AutogradingResult {
  return JSON.parse(Buffer.from(result, 'base64').toString('utf8')) as AutogradingResult;
}

describe('the output "result"', () => {
  test('has what a reporter reads, for each status of a criterion', () => {
    const record = recordWith([
      { status: 'passed', score: 10, title: 'runs' },
      { status: 'failed', title: 'resolves' },
      { status: 'skipped', title: 'isolated', blockedBy: 'c1', actual: 'nothing to see' },
    ]);
    expect(autogradingResult([record])).toEqual({
      status: 'fail',
      max_score: 30,
      tests: [
        { name: 'runs', status: 'pass', score: 10, line_no: 0 },
        {
          name: 'resolves',
          status: 'fail',
          score: 0,
          line_no: 0,
          message: 'expected: it holds; seen: it does not hold; hint: look there',
        },
        {
          name: 'isolated',
          status: 'fail',
          score: 0,
          line_no: 0,
          message: 'not judged, because of "resolves" (c1): nothing to see',
        },
      ],
    });
  });

  test('is a pass only when everything passed', () => {
    expect(autogradingResult([recordWith([{ status: 'passed', score: 10 }])]).status).toBe('pass');
  });

  test('posts nobody’s points when something could not be graded', () => {
    const record = recordWith([{ status: 'passed', score: 10 }, { status: 'error' }]);
    expect(autogradingResult([record])).toMatchObject({
      status: 'error',
      max_score: 0,
      tests: [
        { status: 'pass', score: 10 },
        { status: 'error', score: 0 },
      ],
    });
  });

  test('has a test for a lab that was not handed in', () => {
    const lab = { ...recordWith([]).labs[0]!, status: 'missing' as const, maxScore: 100, message: 'not handed in' };
    expect(autogradingResult([recordOf('alice', [lab])])).toEqual({
      status: 'fail',
      max_score: 100,
      tests: [{ name: 'a-lab', status: 'fail', score: 0, line_no: 0, message: 'missing: not handed in' }],
    });
  });

  test('says which lab and which student when there are several', () => {
    const [lab] = recordWith([{ title: 'runs' }]).labs;
    const records = ['alice', 'bob'].map((student) => recordOf(student, [lab!, { ...lab!, lab: 'other' }]));
    expect(autogradingResult(records).tests.map(({ name }) => name)).toEqual([
      'a-lab: runs (alice)',
      'other: runs (alice)',
      'a-lab: runs (bob)',
      'other: runs (bob)',
    ]);
  });

  test('agrees with any record: every test is there, with a whole score, and the sums are the record’s', () => {
    const check = (record: StudentRecord): void => {
      const { status, max_score, tests } = decoded(encode(autogradingResult([record])));
      const final = areFinal([record]);
      const labs = record.labs.map(({ criteria }) => Math.max(criteria.length, 1));
      expect(tests).toHaveLength(labs.reduce((sum, each) => sum + each, 0));
      for (const each of tests) {
        expect(each).toMatchObject({ line_no: 0, status: expect.stringMatching(/^(pass|fail|error)$/) });
        expect(Number.isInteger(each.score)).toBe(true);
        expect(each.name).not.toMatch(/\n/);
      }
      expect(tests.reduce((sum, { score }) => sum + score, 0)).toBe(Math.floor(record.score + 1e-6));
      expect(max_score).toBe(final ? Math.floor(record.maxScore + 1e-6) : 0);
      expect(status === 'error').toBe(!final);
    };
    fc.assert(fc.property(anyRecord, check), RUNS);
    fc.assert(fc.property(anyFractionalRecord, check), RUNS);
  });

  test('stays below the limit of a variable with megabytes of a student’s text, and loses no test', () => {
    const result = autogradingResult([hostileRecord(HUGE)]);
    expect(Buffer.byteLength(`A-LONG-STEP-ID_RESULTS=${encode(result)}`)).toBeLessThan(LIMIT);
    expect(result.tests).toHaveLength(30);
    expect(result.tests[1]!.message).toMatch(/^expected: .*…$/);
  });

  test('drops messages when they cannot be short enough, and nothing else', () => {
    const titles = Array.from({ length: 900 }, (_, i) => ({
      title: `rule number ${i} of a large class`,
      actual: HOSTILE,
    }));
    const result = autogradingResult([recordWith(titles)]);
    expect(encode(result).length).toBeLessThan(LIMIT);
    expect(result.tests.map(({ name }) => name)).toEqual(titles.map(({ title }) => title));
    expect(result.tests.filter(({ message }) => message !== undefined)).toEqual([]);
    expect(result.max_score).toBe(9000);
  });

  test('leaves out what this kind of host does not allow to be judged', () => {
    const record = recordWith([{ status: 'passed' }, { status: 'skipped', maxScore: 0, withheld: true }]);
    const { status, tests } = autogradingResult([record]);
    expect([status, tests.map(({ name }) => name)]).toEqual(['pass', ['rule 0']]);
  });

  test('has messages that a reporter can print: one line that begins with a word of ours', () => {
    for (const { message = '', name } of autogradingResult([hostileRecord(HOSTILE)]).tests) {
      expect(message).toMatch(/^(expected|not judged)/);
      expect(obeyed(`Error: ${message}\n${message}`)).toEqual([]);
      // eslint-disable-next-line no-control-regex -- neither may steer a terminal
      expect(message + name).not.toMatch(/[\n\u001b\u202e]/);
    }
  });
});
