/** Submissions whose verdicts are known, and how the verdicts of a grading differ from them. */
import type { Status } from '../lab/verdict.ts';
import type { LabRecord } from '../report/record.ts';

/** The lab with the most rules: names, addresses, isolation, ports from outside, both experiments. */
export const KNOWN_LAB = 'nginx-flask-mongo';

export interface Known {
  /** A folder in submissions/. */
  example: string;
  /** The criteria that do not pass. All others do. */
  notPassed: Record<string, Status>;
}

export const KNOWN: Known[] = [
  { example: 'example-good', notPassed: {} },
  {
    example: 'example-published-solution',
    notPassed: {
      'nginx-public-only': 'failed',
      'nginx-resolves-flask': 'skipped',
      'nginx-cannot-reach-mongo': 'failed',
    },
  },
];

/** @returns what is not as it is known to be, a line each. Criteria that are only skipped share a line. */
export function differencesFrom({ notPassed }: Known, { status, message, criteria }: LabRecord): string[] {
  if (criteria.every((each) => each.status === 'error'))
    return [`was not graded (${status}): ${message ?? 'no reason is known'}`];
  const others = criteria.filter(({ id, status }) => status !== (notPassed[id] ?? 'passed'));
  const skipped = others.filter((each) => each.status === 'skipped').map(({ id }) => id);
  const judged = others.filter((each) => each.status !== 'skipped');
  return [
    ...judged.map(({ id, status, actual }) => `${id} is ${status}, not ${notPassed[id] ?? 'passed'}: ${actual}`),
    ...(skipped.length > 0 ? [`skipped: ${skipped.join(', ')}`] : []),
  ];
}
