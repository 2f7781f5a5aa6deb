/**
 * `--format classroom50`: result.json as Classroom 50's runner reads it (schema classroom50/result/v1), and release-body.md, the
 * text of the release that the student opens.
 *
 * The student and the submission come from variables that its runner sets (see docs/github-actions.md). Fields whose
 * variable is not set stay empty: the runner then refuses the result, and no wrong student gets it. The runner
 * overwrites `owner`, `assignment_type`, `datetime`, `graded_at` and `submitted_by` itself.
 */
import { ReportFolder } from '../files.ts';
import type { ReportFormat } from './format.ts';
import { commentOn } from './markdown.ts';
import { cut } from '../plain.ts';
import type { StudentRecord } from '../record.ts';
import { areFinal, testsOf } from './tests.ts';
import { total } from '../whole-points.ts';

export interface Classroom50Result {
  schema: 'classroom50/result/v1';
  classroom: string;
  assignment: string;
  assignment_type: string;
  owner: string;
  /** The tag `submit/…`. */
  submission: string;
  /** Links. */
  commit: string;
  release: string;
  review: string;
  /** UTC, whole seconds. */
  datetime: string;
  graded_at: string;
  score: number;
  'max-score': number;
  tests: { 'test-name': string; passed: boolean; score: number; 'max-score': number; message?: string }[];
  submitted_by?: { username: string; id: number | null };
}

const LONGEST_MESSAGE = 2000;
/** GitHub takes 125,000 characters for the text of a release. */
const RELEASE = {
  most: 125_000,
  sizeOf: (text: string): number => text.length,
  cutNote: 'This report was cut: a release has no room for more.',
};

export const classroom50: ReportFormat = {
  about: 'result.json and release-body.md for Classroom 50',
  readBy: 'students',
  openLog: true,
  ofThisRun: true,
  onRunner: true,
  ofOneStudent: true,
  async write(records, { out, env }) {
    for (const record of records) {
      const text = JSON.stringify(classroom50Result(record, env), null, 2);
      await new ReportFolder(out).write('result.json', `${text}\n`);
      await new ReportFolder(out).write('release-body.md', commentOn(record, RELEASE));
    }
  },
};

/** When something could not be graded, the result has no tests and no points: Classroom 50 takes that for an error. */
export function classroom50Result(record: StudentRecord, env: NodeJS.ProcessEnv): Classroom50Result {
  const set = (...names: string[]): string => names.map((name) => env[name]).find((value) => value) ?? '';
  const tests = areFinal([record]) ? testsOf([record]) : [];
  const { score, maxScore } = total(tests);
  // Whole seconds, as the schema wants them.
  const gradedAt = record.startedAt.replace(/\.\d+Z$/, 'Z');
  const pusher = set('GITHUB_ACTOR');
  const pusherId = set('GITHUB_ACTOR_ID');
  return {
    schema: 'classroom50/result/v1',
    classroom: set('CLASSROOM'),
    assignment: set('ASSIGNMENT'),
    assignment_type: set('ASSIGNMENT_TYPE') || 'individual',
    owner: set('OWNER', 'USERNAME') || record.student,
    submission: set('SUBMISSION_TAG'),
    commit: set('COMMIT_URL'),
    release: set('RELEASE_URL'),
    review: set('REVIEW_URL', 'COMMIT_URL'),
    datetime: gradedAt,
    graded_at: gradedAt,
    score,
    'max-score': maxScore,
    tests: tests.map((test) => ({
      'test-name': test.name,
      passed: test.status === 'passed',
      score: test.score,
      'max-score': test.maxScore,
      ...(test.message === '' ? {} : { message: cut(test.message, LONGEST_MESSAGE) }),
    })),
    ...(pusher === ''
      ? {}
      : { submitted_by: { username: pusher, id: /^\d+$/.test(pusherId) ? Number(pusherId) : null } }),
  };
}
