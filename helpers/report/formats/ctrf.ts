/** `--format ctrf`: `ctrf.json`, a common format of test results (Common Test Report Format) that dashboards and CI read. */
import { ReportFolder } from '../files.ts';
import type { ReportFormat } from './format.ts';
import { cut } from '../plain.ts';
import type { CriterionRecord, StudentRecord } from '../record.ts';
import { countingTestsOf, type GradedTest } from './tests.ts';
import { tidy } from '../whole-points.ts';
import { oneLine } from '../../base/inert.ts';

type CtrfStatus = 'passed' | 'failed' | 'skipped' | 'pending' | 'other';

export interface CtrfReport {
  reportFormat: 'CTRF';
  specVersion: '0.0.0';
  results: {
    tool: { name: string };
    summary: Record<'tests' | CtrfStatus | 'start' | 'stop', number>;
    tests: CtrfTest[];
  };
}

interface CtrfTest {
  name: string;
  status: CtrfStatus;
  /** Milliseconds. */
  duration: number;
  /** From the outside in: whose work it is, and which lab. */
  suite: string[];
  message?: string;
  rawStatus: string;
  extra: { student: string; lab: string; criterion?: string; score: number; maxScore: number };
}

/** An error is no failed test: it is not the student's fault. */
const STATUS: Record<CriterionRecord['status'], CtrfStatus> = {
  passed: 'passed',
  failed: 'failed',
  skipped: 'skipped',
  error: 'other',
};
const LONGEST_NAME = 500;
const LONGEST_MESSAGE = 4000;

export const ctrf: ReportFormat = {
  about: 'ctrf.json, test results for dashboards and CI',
  readBy: 'students',
  openLog: true,
  async write(records, { out }) {
    await new ReportFolder(out).write('ctrf.json', `${JSON.stringify(ctrfReport(records), null, 2)}\n`);
  },
};

/** @param records As their students may see them. */
export function ctrfReport(records: StudentRecord[]): CtrfReport {
  const tests = records.flatMap(({ student, labs }) =>
    labs.flatMap((lab) => countingTestsOf(lab).map((test) => testOf(student, test))),
  );
  const count = (status: CtrfStatus): number => tests.filter((test) => test.status === status).length;
  const starts = records.map(({ startedAt }) => Date.parse(startedAt));
  const stops = records.map(({ durationMs }, i) => starts[i]! + durationMs);
  return {
    reportFormat: 'CTRF',
    specVersion: '0.0.0',
    results: {
      tool: { name: 'netgrade' },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        pending: 0,
        skipped: count('skipped'),
        other: count('other'),
        start: Math.min(...(starts.length > 0 ? starts : [0])),
        stop: Math.max(0, ...stops),
      },
      tests,
    },
  };
}

function testOf(student: string, { name, status, score, maxScore, message, lab, criterion }: GradedTest): CtrfTest {
  const short = (text: string, most = LONGEST_NAME): string => cut(oneLine(text), most).toWellFormed();
  return {
    name: short(name) || status,
    status: STATUS[status],
    duration: criterion?.durationMs ?? lab.durationMs,
    suite: [short(student), short(lab.lab)],
    ...(message === '' ? {} : { message: short(message, LONGEST_MESSAGE) }),
    rawStatus: status,
    extra: {
      student: short(student),
      lab: short(lab.lab),
      ...(criterion === undefined ? {} : { criterion: criterion.id }),
      score: tidy(score),
      maxScore: tidy(maxScore),
    },
  };
}
