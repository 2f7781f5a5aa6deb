/** Records as a flat list of tests with points, as systems that read results of autograders want them. */
import { causeSentence } from '../cause-text.ts';
import { labNotes, sentencesOf } from '../criterion-text.ts';
import { oneLine } from '../../base/inert.ts';
import { isComplete, type CriterionRecord, type LabRecord, type StudentRecord } from '../record.ts';
import { inWholePoints, type Points } from '../whole-points.ts';

/** Characters of each text in a message, so that even a student's megabytes leave room for the texts after it. */
const LONGEST_TEXT = 8192;

export interface GradedTest extends Points {
  name: string;
  status: CriterionRecord['status'];
  /** One line that begins with a word of ours, never with a student's text; empty if the test passed. */
  message: string;
  lab: LabRecord;
  /** Absent for a test about a whole lab. */
  criterion?: CriterionRecord;
}

/**
 * The tests of all labs with whole points, under names that say which lab and which student, where there are several.
 */
export function testsOf(records: StudentRecord[]): GradedTest[] {
  return records.map(inWholePoints).flatMap((record) =>
    record.labs.flatMap((lab) => {
      const prefix = record.labs.length > 1 ? `${lab.lab}: ` : '';
      const suffix = records.length > 1 ? ` (${record.student})` : '';
      return countingTestsOf(lab).map((test) => {
        const name = test.criterion === undefined && prefix === '' ? lab.lab : test.name;
        return { ...test, name: oneLine(`${prefix}${name}${suffix}`) };
      });
    }),
  );
}

/** Leaves out criteria that this kind of host does not allow to be judged: they do not count. */
export function countingTestsOf(lab: LabRecord): GradedTest[] {
  return testsOfLab(lab).filter(({ criterion }) => criterion?.withheld !== true);
}

/** None for a lab that does not count; else a test per criterion; one about the whole lab if it has none because it is missing, invalid or an error. */
export function testsOfLab(lab: LabRecord): GradedTest[] {
  if (lab.counts === false) return [];
  if (lab.criteria.length === 0) return [wholeLab(lab)];
  // A list of tests has no place for a lab's cause. It comes first where the reader looks first: at the first test that failed.
  const first = lab.criteria.find(({ status }) => status !== 'passed');
  const cause = causeSentence(lab);
  return lab.criteria.map((criterion) => ({
    name: oneLine(criterion.title),
    status: criterion.status,
    score: criterion.score,
    maxScore: criterion.maxScore,
    message: oneLine(
      [
        ...(criterion === first && cause !== undefined ? [cause] : []),
        ...sentencesOf(criterion, lab, LONGEST_TEXT),
      ].join('\n'),
    ),
    lab,
    criterion,
  }));
}

function wholeLab(lab: LabRecord): GradedTest {
  const { status, message, score, maxScore } = lab;
  const text = oneLine([`${status}: ${message ?? ''}`, ...labNotes(lab)].join('; '));
  return { name: status, status: status === 'error' ? 'error' : 'failed', score, maxScore, message: text, lab };
}

/** False when something could not be graded, which is not a student's fault: then no points may be posted. */
export function areFinal(records: StudentRecord[]): boolean {
  return records.every((record) => isComplete(record));
}

/** False when there are no points to tell anybody: something could not be graded, or nothing at all is handed in. */
export function arePoints(records: StudentRecord[]): boolean {
  return areFinal(records) && records.some(({ labs }) => labs.some(({ status }) => status !== 'missing'));
}
