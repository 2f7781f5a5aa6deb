/** What a run's page on GitHub shows: the points, and a box for each criterion that did not pass. */
import { cut } from '../../plain.ts';
import type { StudentRecord } from '../../record.ts';
import { areFinal, arePoints, testsOf } from '../tests.ts';
import { total } from '../../whole-points.ts';
import { annotation, type Level } from './commands.ts';

/** GitHub shows this many annotations of one level for a step; it drops the others silently. */
const MOST_OF_A_LEVEL = 10;
const LONGEST_MESSAGE = 2000;
const NOT_GRADED = 'Could not be graded';

/** Workflow commands, one a line. There are no points among them when something could not be graded, or nothing is handed in. */
export function annotations(records: StudentRecord[]): string[] {
  const tests = testsOf(records);
  const of = (status: string): string[][] =>
    tests.filter((test) => test.status === status).map(({ name, message }) => [name, cut(message, LONGEST_MESSAGE)]);
  const failure = areFinal(records) ? [] : [[NOT_GRADED, unjudged(of('error').length)]];
  return [
    ...atMost('error', [...failure, ...of('failed')]),
    ...atMost('warning', of('skipped')),
    ...(arePoints(records) ? pointsNotices(total(tests)) : []),
  ];
}

/** For a run that ended before there was any record. */
export function failureAnnotation(reason: string): string {
  return annotation('error', NOT_GRADED, cut(reason, LONGEST_MESSAGE));
}

function unjudged(criteria: number): string {
  const what = criteria === 1 ? 'One criterion' : `${criteria} criteria`;
  return `${what} could not be judged, which is not the student’s fault. No points were posted: run this job again.`;
}

function atMost(level: Level, boxes: string[][]): string[] {
  const shown = boxes.length > MOST_OF_A_LEVEL ? boxes.slice(0, MOST_OF_A_LEVEL - 1) : boxes;
  const left = boxes.length - shown.length;
  const rest = left === 0 ? [] : [['More', `${left} more criteria are not met; the job's summary shows all of them.`]];
  return [...shown, ...rest].map(([title = '', message = '']) => annotation(level, title, message));
}

/** Worded as GitHub Classroom's own graders do, because other programs search for these words. */
function pointsNotices({ score, maxScore }: { score: number; maxScore: number }): string[] {
  return [
    annotation('notice', 'Autograding complete', `Points ${score}/${maxScore}`),
    annotation('notice', 'Autograding report', JSON.stringify({ totalPoints: score, maxPoints: maxScore })),
  ];
}
