/**
 * `--format prairielearn`: `results.json` as PrairieLearn reads it from an external grader (in /grade/results).
 *
 * It has no hidden tests, so it is made of the student's view. When something could not be graded, it says so, and that
 * nothing can be graded: PrairieLearn then takes no attempt and no points away.
 */
import { explained } from '../criterion-text.ts';
import { ReportFolder } from '../files.ts';
import type { ReportFormat } from './format.ts';
import { cut, withRoom } from '../plain.ts';
import type { StudentRecord } from '../record.ts';
import { areFinal, countingTestsOf, type GradedTest } from './tests.ts';
import { tidy } from '../whole-points.ts';
import { oneLine } from '../../base/inert.ts';

export interface PrairieLearnResults {
  gradable: boolean;
  /** From 0 to 1. Absent when nothing can be graded. */
  score?: number;
  message: string;
  tests?: { name: string; points: number; max_points: number; message: string; output: string }[];
}

/** PrairieLearn refuses a file of more than 1 MB. */
const MOST_BYTES = 1_000_000;
const TEXTS = { longest: 8192, shortest: 128 };
const LONGEST_NAME = 500;

export const prairielearn: ReportFormat = {
  about: 'results.json for PrairieLearn',
  readBy: 'students',
  openLog: true,
  ofThisRun: true,
  ofOneStudent: true,
  async write(records, { out }) {
    for (const record of records) {
      const text = JSON.stringify(prairieLearnResults(record), null, 2);
      await new ReportFolder(out).write('results.json', `${text}\n`);
    }
  },
};

/** @param record As its student may see it. */
export function prairieLearnResults(record: StudentRecord): PrairieLearnResults {
  if (!areFinal([record]))
    return {
      gradable: false,
      message: 'Something could not be graded, which is not your fault. No points are lost: grade it again.',
    };
  const { score, maxScore } = record;
  return withRoom(
    TEXTS,
    (longest) => ({
      gradable: true,
      score: maxScore === 0 ? 0 : Math.min(1, score / maxScore),
      message: `${tidy(score)} of ${tidy(maxScore)} points`,
      tests: record.labs.flatMap((lab) => countingTestsOf(lab).map((test) => testIn(test, longest))),
    }),
    (results) => Buffer.byteLength(JSON.stringify(results, null, 2)) <= MOST_BYTES,
  );
}

function testIn({ criterion, lab, name, status, score, maxScore, message }: GradedTest, longest: number) {
  const output = criterion === undefined ? message : explained(criterion, lab, longest);
  return {
    name: cut(oneLine(`${lab.lab}: ${name}`), LONGEST_NAME).toWellFormed(),
    points: tidy(score),
    max_points: tidy(maxScore),
    message: status,
    output: cut(output, longest).toWellFormed(),
  };
}
