/** The outcome of one criterion, as a spec leaves it. */

export type Status = 'passed' | 'failed' | 'skipped' | 'error';

export interface Evidence {
  /** A command that a student can type, or what was looked at. */
  what: string;
  output: string;
}

export interface Verdict {
  id: string;
  status: Status;
  expected: string;
  actual: string;
  evidence: Evidence[];
  /** Sections of the survey that were read to come to it. */
  basedOn: string[];
  durationMs: number;
  /** For `skipped`: the criterion that stands in the way. */
  blockedBy?: string;
  /** For `skipped`: this kind of host does not allow the question; it does not count. */
  withheld?: true;
}

/** One thing that a matcher found; a criterion may consist of several. */
export interface Finding {
  pass: boolean;
  expected: string;
  actual: string;
  evidence: Evidence[];
}

/** A finding that passes when nothing is wrong. @param fine What is seen then. */
export function findingOf(expected: string, troubles: string[], fine: string, evidence: Evidence[]): Finding {
  const pass = troubles.length === 0;
  return { pass, expected, actual: pass ? fine : troubles.join('\n'), evidence };
}

const ORDINALS = ['first', 'second', 'third', 'fourth'];

/**
 * @param what What was done again: "graded", "judged".
 * @param losses Why each try before this one came to nothing; at least one.
 */
export function triedAgain(what: string, losses: string[]): Evidence {
  return { what: `${what} at the ${ORDINALS[losses.length] ?? 'last'} try`, output: losses.join('\n') };
}
