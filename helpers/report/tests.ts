/** Records as a flat list of tests with whole points, as systems that read results of autograders want them. */
import { cut, oneLine } from './plain.ts';
import { isComplete, type CriterionRecord, type LabRecord, type StudentRecord } from './record.ts';
import { inWholePoints, type Points } from './whole-points.ts';

/** Of each text in a message: a student's text of megabytes leaves room for what is said after it. */
const LONGEST_TEXT = 8192;

export interface GradedTest extends Points {
  name: string;
  status: CriterionRecord['status'];
  /** One line that begins with a word of ours; empty for what passed. */
  message: string;
}

/** A test per criterion, and one for each lab that has none because it is missing, invalid or could not be graded. */
export function testsOf(records: StudentRecord[]): GradedTest[] {
  return records.map(inWholePoints).flatMap((record) =>
    record.labs.flatMap((lab) => {
      const prefix = record.labs.length > 1 ? `${lab.lab}: ` : '';
      const suffix = records.length > 1 ? ` (${record.student})` : '';
      const named = (title: string): string => oneLine(`${prefix}${title}${suffix}`);
      if (lab.criteria.length === 0) return [{ ...wholeLab(lab), name: named(prefix === '' ? lab.lab : lab.status) }];
      // What this kind of host does not allow to be judged counts for nobody, and is no test.
      return lab.criteria
        .filter(({ withheld }) => withheld !== true)
        .map((criterion) => ({
          name: named(criterion.title),
          status: criterion.status,
          score: criterion.score,
          maxScore: criterion.maxScore,
          message: oneLine(messageOf(criterion, lab)),
        }));
    }),
  );
}

function wholeLab({ status, message, score, maxScore }: LabRecord): Omit<GradedTest, 'name'> {
  const text = oneLine(`${status}: ${message ?? ''}`);
  return { status: status === 'error' ? 'error' : 'failed', score, maxScore, message: text };
}

function messageOf(criterion: CriterionRecord, lab: LabRecord): string {
  const { status, expected, actual, hint } = criterion;
  const short = (label: string, text: string): string => `${label}: ${cut(text, LONGEST_TEXT)}`;
  if (status === 'passed') return '';
  if (status === 'skipped') return cut(notJudged(criterion, lab), LONGEST_TEXT);
  if (status === 'error') return short('not judged, through no fault of the submission', actual);
  return [short('expected', expected), short('seen', actual), ...(hint === '' ? [] : [short('hint', hint)])].join('\n');
}

/** Why a criterion was skipped, by the title of the one that stands in the way. */
export function notJudged({ actual, blockedBy }: CriterionRecord, { criteria }: LabRecord): string {
  const blocking = criteria.find(({ id }) => id === blockedBy)?.title ?? blockedBy;
  return blocking === undefined
    ? `not judged: ${actual}`
    : `not judged, because of "${blocking}" (${blockedBy ?? ''}): ${actual}`;
}

/** False when something could not be graded through no fault of a student: then nobody's points are to be posted. */
export function areFinal(records: StudentRecord[]): boolean {
  return records.every(isComplete);
}
