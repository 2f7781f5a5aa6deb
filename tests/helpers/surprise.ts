/** Verdicts that nobody expected, for whoever reads the output of a run whose reports are gone. */
import { writeSync } from 'node:fs';
import type { LabRecord } from '../../helpers/report/record.ts';

/** Writes every criterion that is not as expected, with its evidence, to standard error; past Jest, which would wait. */
export function showSurprise(name: string, { status, message, criteria }: LabRecord, fails: string[]): void {
  const odd = criteria.filter((each) => (each.status === 'failed') !== fails.includes(each.id));
  writeSync(2, `\nnobody expected of ${name}: ${JSON.stringify({ status, message, criteria: odd }, null, 2)}\n`);
}
