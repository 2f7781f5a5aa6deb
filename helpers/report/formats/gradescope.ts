/**
 * `--format gradescope`: `results.json` as Gradescope reads it after an autograder's run.
 *
 * Gradescope hides tests itself, so the file has all of them, each with its visibility. No text of a test names a test
 * that fewer people may see. When something could not be graded, the file has neither a score nor tests, only the
 * reason: Gradescope then treats the run as failed, not as zero points.
 */
import { causeEvidence, causeSentence } from '../cause-text.ts';
import { explained } from '../criterion-text.ts';
import { ReportFolder } from '../files.ts';
import type { ReportFormat } from './format.ts';
import { oneLine } from '../../base/inert.ts';
import { cut, withRoom } from '../plain.ts';
import type { CriterionRecord, StudentRecord } from '../record.ts';
import { studentView, withoutHidden } from '../student-view.ts';
import { inert } from '../terminal.ts';
import { areFinal, countingTestsOf, type GradedTest } from './tests.ts';
import { tidy } from '../whole-points.ts';

export interface GradescopeResults {
  /** If given, Gradescope takes it and does not add up the tests. */
  score?: number;
  /** Seconds. */
  execution_time: number;
  output: string;
  output_format: 'text';
  test_output_format: 'text';
  test_name_format: 'text';
  visibility: 'visible';
  /** What the run printed is for whoever maintains it. */
  stdout_visibility: 'hidden';
  extra_data: Record<string, unknown>;
  tests?: GradescopeTest[];
}

export interface GradescopeTest {
  score: number;
  max_score: number;
  status: 'passed' | 'failed';
  name: string;
  name_format: 'text';
  number: string;
  output: string;
  output_format: 'text';
  tags: string[];
  visibility: Visibility;
  extra_data: Record<string, unknown>;
}

type Visibility = 'visible' | 'after_due_date' | 'hidden';

/** From what everybody sees to what nobody does. */
const RANKS: Visibility[] = ['visible', 'after_due_date', 'hidden'];
const MOST_BYTES = 1_000_000;
const TEXTS = { longest: 8192, shortest: 128 };
const LONGEST_NAME = 500;

export const gradescope: ReportFormat = {
  about: 'results.json for Gradescope',
  readBy: 'both',
  openLog: true,
  ofThisRun: true,
  ofOneStudent: true,
  async write(records, { out, now }) {
    for (const record of records) {
      const text = JSON.stringify(gradescopeResults(record, now), null, 2);
      await new ReportFolder(out).write('results.json', `${text}\n`);
    }
  },
};

export function gradescopeResults(record: StudentRecord, now: Date): GradescopeResults {
  return withRoom(
    TEXTS,
    (longest) => resultsWith(record, now, longest),
    (results) => Buffer.byteLength(JSON.stringify(results, null, 2)) <= MOST_BYTES,
  );
}

function resultsWith(record: StudentRecord, now: Date, longest: number): GradescopeResults {
  const final = areFinal([record]);
  return {
    ...(final ? { score: tidy(record.score) } : {}),
    execution_time: record.durationMs / 1000,
    output: outputOf(studentView(record, now), final, longest),
    output_format: 'text',
    test_output_format: 'text',
    test_name_format: 'text',
    visibility: 'visible',
    stdout_visibility: 'hidden',
    extra_data: { schemaVersion: record.schemaVersion, engine: record.engine.version, maxScore: tidy(record.maxScore) },
    ...(final ? { tests: testsIn(record, longest) } : {}),
  };
}

/** @param view What a student may see. */
function outputOf({ labs }: StudentRecord, final: boolean, longest: number): string {
  const lines = labs.flatMap((lab) => {
    const seen = causeEvidence(lab);
    return [
      ...[causeSentence(lab), lab.message]
        .filter((each) => each !== undefined && each !== '')
        .map((each) => `${lab.lab}: ${cut(each!, longest)}`),
      ...(seen === undefined ? [] : [cut(`$ ${seen.what}\n${seen.output}`, longest)]),
    ];
  });
  const failure =
    'Something could not be graded, which is not the student’s fault. No points are lost: run the autograder again.';
  return inert([...(final ? [] : [failure]), ...lines].join('\n')).toWellFormed();
}

function testsIn({ labs }: StudentRecord, longest: number): GradescopeTest[] {
  return labs.flatMap((lab, i) =>
    countingTestsOf(lab).map((test, j): GradescopeTest => ({
      score: tidy(test.score),
      max_score: tidy(test.maxScore),
      status: test.status === 'passed' ? 'passed' : 'failed',
      name: cut(oneLine(`${lab.lab}: ${test.name}`), LONGEST_NAME).toWellFormed(),
      name_format: 'text',
      number: `${i + 1}.${j + 1}`,
      output: textOf(test, longest).toWellFormed(),
      output_format: 'text',
      tags: [lab.lab],
      visibility: visibilityOf(test.criterion),
      extra_data: {
        lab: lab.lab,
        ...(test.criterion === undefined ? {} : { id: test.criterion.id }),
        status: test.status,
      },
    })),
  );
}

function textOf({ criterion, lab, message }: GradedTest, longest: number): string {
  if (criterion === undefined) return cut(message, longest);
  const lessVisible = lab.criteria.filter((other) => rankOf(other) > rankOf(criterion));
  return explained(withoutHidden(criterion, lessVisible), lab, longest);
}

function rankOf(criterion: CriterionRecord): number {
  return RANKS.indexOf(visibilityOf(criterion));
}

function visibilityOf(criterion: CriterionRecord | undefined): Visibility {
  return criterion?.visibility ?? 'visible';
}
