/**
 * `npm run test:stability`: the corpus again and again, each time in another order and with as many lab hosts at a time as
 * the machine can hardly bear, and once more one by one: not one verdict differs. NETGRADE_ROUNDS says how often under load
 * (10).
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { labsWithCases } from '../helpers/corpus.ts';
import { differing, entriesOf, expectedOf, outcomesOf } from '../helpers/rounds.ts';

const ROUNDS = Number(process.env['NETGRADE_ROUNDS'] ?? 10);
const ALONE = 1;
const AT_FULL_LOAD = 8;
const JOBS = [...Array.from({ length: ROUNDS }, () => AT_FULL_LOAD), ALONE];
const ROUND_MS = 3 * 3_600_000;

const entries = entriesOf(labsWithCases(), ({ rare }) => !rare);
const expected = expectedOf(entries);

describe.each(JOBS.map((jobs, index) => ({ jobs, round: index + 1 })))('round $round', ({ jobs, round }) => {
  const seed = randomUUID();

  test(
    `with ${jobs} jobs, in the order of ${seed}, every verdict is as expected`,
    async () => {
      const from = performance.now();
      const outcomes = await outcomesOf(entries, { jobs, seed });
      // Jest says nothing until the last round has ended, which is hours from now.
      console.error(
        `round ${round} of ${JOBS.length}, ${jobs} jobs: ${entries.length} submissions graded in ` +
          `${Math.round((performance.now() - from) / 1000)} s, ${said(differing(outcomes, expected))}`,
      );
      expect(outcomes).toEqual(expected);
    },
    ROUND_MS,
  );
});

function said(names: string[]): string {
  return names.length === 0 ? 'every verdict as expected' : `unexpected verdicts for ${names.join(', ')}`;
}
