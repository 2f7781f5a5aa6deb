/**
 * The step output `result` that autograding reporters read: base64 of `{ status, max_score, tests }`.
 *
 * How autograding-grading-reporter v1 reads it, found out by running it: a test without `score` makes the total NaN; a
 * test without `line_no` is shown as "line undefined"; a status other than pass, fail and error is a red cross; with
 * `max_score: 0` no points are posted. The value is passed in an environment variable, and Linux allows 128 KiB for
 * one.
 */
import { cut, withRoom } from '../../plain.ts';
import type { StudentRecord } from '../../record.ts';
import { areFinal, testsOf, type GradedTest } from '../tests.ts';
import { total } from '../../whole-points.ts';

export interface AutogradingResult {
  status: 'pass' | 'fail' | 'error';
  /** 0 when something could not be graded, which is not the student's fault: then no points are posted. */
  max_score: number;
  tests: AutogradingTest[];
}

interface AutogradingTest {
  name: string;
  status: 'pass' | 'fail' | 'error';
  score: number;
  line_no: 0;
  message?: string;
}

const STATUS = { passed: 'pass', failed: 'fail', skipped: 'fail', error: 'error' } as const;
/** 131,072 bytes for `NAME_RESULTS=…` and its end, with room for the name. */
const MOST_BYTES = 130_000;
const MESSAGES = { longest: 4096, shortest: 32 };

/** The result with messages as long as there is room for; without any when there is none. */
export function autogradingResult(records: StudentRecord[]): AutogradingResult {
  const tests = testsOf(records);
  const final = areFinal(records);
  const passed = tests.every(({ status }) => status === 'passed');
  const withMessages = (longest: number): AutogradingResult => ({
    status: !final ? 'error' : passed ? 'pass' : 'fail',
    max_score: final ? total(tests).maxScore : 0,
    tests: tests.map((test) => autogradingTest(test, longest)),
  });
  return withRoom(MESSAGES, withMessages, fits);
}

export function encode(result: AutogradingResult): string {
  return Buffer.from(JSON.stringify(result)).toString('base64');
}

/** False only for a whole class at once, whose names and scores alone are too long. These are never dropped. */
export function fits(result: AutogradingResult): boolean {
  return encode(result).length <= MOST_BYTES;
}

function autogradingTest({ name, status, score, message }: GradedTest, longest: number): AutogradingTest {
  return {
    name,
    status: STATUS[status],
    score,
    line_no: 0,
    ...(message === '' || longest === 0 ? {} : { message: cut(message, longest) }),
  };
}
