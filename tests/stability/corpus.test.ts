/**
 * `npm run test:stability`: the corpus again and again, each time in another order, and as many lab hosts at a time as
 * the machine can hardly bear: not one verdict differs. NETGRADE_ROUNDS says how often (20).
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { labsWithCases } from '../helpers/corpus.ts';
import { entriesOf, expectedOf, outcomesOf } from '../helpers/rounds.ts';

const ROUNDS = Number(process.env['NETGRADE_ROUNDS'] ?? 20);
const JOBS = [8, 4, 2, 1];
const ROUND_MS = 3 * 3_600_000;

const entries = entriesOf(labsWithCases(), ({ rare }) => !rare);

describe.each(Array.from({ length: ROUNDS }, (_, round) => round + 1))('round %i', (round) => {
  const jobs = JOBS[(round - 1) % JOBS.length]!;
  const seed = randomUUID();

  test(
    `with ${jobs} jobs, in the order of ${seed}, every verdict is as expected`,
    async () => {
      expect(await outcomesOf(entries, { jobs, seed })).toEqual(expectedOf(entries));
    },
    ROUND_MS,
  );
});
