/** Attempts: what a student has handed in for one lab again and again. The best or the latest of them counts. */
import { isFinished, type AttemptRecord, type LabRecord } from './record.ts';

/** Which attempt counts. */
export const COUNTING_ATTEMPT = ['latest', 'best'] as const;
export type CountingAttempt = (typeof COUNTING_ATTEMPT)[number];

/**
 * Puts a new result in the place of the last one, if it counts.
 *
 * @returns the result that counts, with all attempts; and the other one, if they are of different submissions.
 */
export function withAttempts(
  last: LabRecord | undefined,
  now: LabRecord,
  which: CountingAttempt,
): { counting: LabRecord; other?: LabRecord } {
  if (last === undefined || !isAttempt(last) || !isAttempt(now)) return { counting: now };
  const known = last.attempts ?? [attemptOf(last)];
  const isSame = last.run!.submission === now.run!.submission;
  if (isSame && last.attempts === undefined) return { counting: now };
  const all = isSame
    ? known.map((each) => (each.run.submission === now.run!.submission ? attemptOf(now) : each))
    : [...known.filter(({ run }) => run.submission !== now.run!.submission), attemptOf(now)];
  const lastCounts = !isSame && which === 'best' && share(last) > share(now);
  const [counting, other] = lastCounts ? [last, now] : [now, last];
  const attempts = all.map(({ run, status, score, maxScore }) => ({
    ...{ run, status },
    ...(score !== undefined && { score }),
    ...(maxScore !== undefined && { maxScore }),
    ...(run.submission === counting.run!.submission && { counts: true as const }),
  }));
  return { counting: { ...counting, attempts }, ...(isSame ? {} : { other }) };
}

/** The run of the latest attempt, whether that one counts or not. */
export function latestRun({ run, attempts }: LabRecord): LabRecord['run'] {
  return attempts?.at(-1)?.run ?? run;
}

/** What its student may see of attempts. @param isWhole Whether nothing of the lab is hidden. */
export function attemptsView(attempts: AttemptRecord[], isWhole: boolean): AttemptRecord[] {
  if (isWhole) return attempts;
  return attempts.map(({ run, status, counts }) => ({ run, status, ...(counts && { counts }) }));
}

/** A sentence; empty when there was one attempt. */
export function attemptsText({ attempts = [] }: LabRecord): string {
  const counting = attempts.findIndex(({ counts }) => counts);
  if (counting === -1) return '';
  const before = attempts.map(({ score, status }) => (score === undefined ? status : String(score)));
  return `attempt ${counting + 1} of ${attempts.length} counts (${before.join(', ')})`;
}

function isAttempt(lab: LabRecord): boolean {
  return isFinished(lab) && lab.run?.submission !== undefined;
}

function attemptOf({ run, status, score, maxScore }: LabRecord): AttemptRecord {
  return { run: run!, status, score, maxScore };
}

function share({ score, maxScore }: LabRecord): number {
  return maxScore === 0 ? 0 : score / maxScore;
}
