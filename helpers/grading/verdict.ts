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
  durationMs: number;
  /** For `skipped`: the criterion that stands in the way. */
  blockedBy?: string;
}

/** One thing that a matcher found; a criterion may consist of several. */
export interface Finding {
  pass: boolean;
  expected: string;
  actual: string;
  evidence: Evidence[];
}
