/** Last stage: makes the record of one lab, from which all reports are made, and keeps the survey it was judged by. */
import { triedAgain, type Verdict } from '../lab/verdict.ts';
import type { LabRecord } from '../report/record.ts';
import { gradedLab } from '../report/recording.ts';
import { fingerprintOf, type Given } from '../report/similarity/fingerprint.ts';
import type { Submission } from '../submission/submission.ts';
import type { Survey } from '../survey/facts.ts';
import type { Graded, LabTask } from './lab-task.ts';

/** @param durationMs Milliseconds that the lab has taken so far. */
export function recordStage({ lab }: LabTask, survey: Survey, verdicts: Verdict[], durationMs: number): Graded {
  return { record: gradedLab(lab, verdicts, survey, durationMs), survey };
}

/**
 * @param given What was given to all students for this lab, so that it does not count as copied.
 * @returns the record with a fingerprint of the submission, by which copies are found.
 */
export function withFingerprint(record: LabRecord, submission: Submission | undefined, given: Given): LabRecord {
  const started = performance.now();
  const fingerprint = fingerprintOf(submission, record.topology, given);
  const { timings, ...rest } = record;
  const compared = timings && { timings: { ...timings, fingerprint: Math.round(performance.now() - started) } };
  return { ...rest, ...compared, fingerprint };
}

/**
 * Notes in a record that earlier tries failed, and why: in its message, and in the evidence of each criterion.
 *
 * @param losses Why each earlier try failed. If it is empty, the record stays as it is.
 * @returns the record with these notes.
 */
export function ofLastTry(record: LabRecord, losses: string[]): LabRecord {
  if (losses.length === 0) return record;
  const again = triedAgain(record.status === 'error' ? 'tried' : 'graded', losses);
  const said = `${again.what}: ${[...new Set(losses)].join('; ')}`;
  return {
    ...record,
    message: record.message === undefined ? said : `${record.message}; ${said}`,
    criteria: record.criteria.map((each) => ({ ...each, evidence: [...each.evidence, again] })),
  };
}
