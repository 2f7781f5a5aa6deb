/** The outcome of one criterion. */

export type Status = 'passed' | 'failed' | 'skipped' | 'error';

export interface Evidence {
  /** A command that a student can type; with `described`, a description of what was looked at. */
  what: string;
  output: string;
  /** Nobody can type `what`: no report shows it as a command. */
  described?: true;
}

/** Evidence of what was looked at in another way than by a command. */
export function describedEvidence(what: string, output: string): Evidence {
  return { what, output, described: true };
}

/** The line above the output of evidence: a command as in a terminal, or what was looked at. */
export function headOfEvidence({ what, described }: Omit<Evidence, 'output'>): string {
  return described ? `${what}:` : `$ ${what}`;
}

export interface Verdict {
  id: string;
  status: Status;
  expected: string;
  actual: string;
  evidence: Evidence[];
  /** The sections of the survey that were read for it. */
  basedOn: string[];
  durationMs: number;
  /** For `skipped`: the criterion that blocks it. */
  blockedBy?: string;
  /** For `skipped`: this kind of host does not allow it to be judged, so it does not count. */
  withheld?: true;
}

/** One thing that a matcher found; a criterion may consist of several. */
export interface Finding {
  pass: boolean;
  expected: string;
  actual: string;
  evidence: Evidence[];
}

/**
 * A finding that passes if there are no troubles.
 *
 * @param fine What is seen if it passes.
 */
export function findingOf(expected: string, troubles: string[], fine: string, evidence: Evidence[]): Finding {
  const pass = troubles.length === 0;
  return { pass, expected, actual: pass ? fine : troubles.join('\n'), evidence };
}

/** Sorts what is looked at so that evidence begins with the culprit; what is alike keeps its order. */
export function troubledFirst<T>(of: T[], isTroubled: (each: T) => boolean): T[] {
  return [...of.filter(isTroubled), ...of.filter((each) => !isTroubled(each))];
}

const ORDINALS = ['first', 'second', 'third', 'fourth'];

/**
 * Evidence that something was tried more than once.
 *
 * @param what What was done: "graded", "judged".
 * @param losses Why each earlier try failed; at least one.
 */
export function triedAgain(what: string, losses: string[]): Evidence {
  return describedEvidence(`${what} at the ${ORDINALS[losses.length] ?? 'last'} try`, losses.join('\n'));
}

/** @returns the losses in evidence of `triedAgain` that a lab was graded, or tried, more than once; none in any other. */
export function lossesIn({ what, output }: Evidence): string[] {
  return /^(graded|tried) at the \w+ try$/.test(what) ? output.split('\n') : [];
}
