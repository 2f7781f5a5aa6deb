/** What was done a second time says so, and why: in a lab's message, and in the evidence of each of its criteria. */
import type { LabRecord } from '../report/record.ts';
import { triedAgain } from '../lab/verdict.ts';

/**
 * @param losses Why each try before this one came to nothing; with none, the record stays as it is.
 * @returns the record of the last try, saying that it is one.
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
