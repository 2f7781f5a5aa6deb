/**
 * The short form of `npm run test:stability`, for every `npm test`: the representative cases of two labs, graded twice in
 * different orders, once one lab host at a time and once many. Every verdict is the same, and what expected.yaml says.
 */
import { expect, test } from '@jest/globals';
import { entriesOf, expectedOf, outcomesOf } from '../helpers/rounds.ts';

const LABS = ['default-bridge', 'nginx-flask-mongo'];
/** More than any machine of ours has cores. */
const MANY = 8;
const BOTH_MS = 600_000;

test(
  'stability in short: graded twice, in another order and with other neighbours, no verdict differs',
  async () => {
    const entries = entriesOf(LABS, ({ representative }) => representative);
    const serial = await outcomesOf(entries, { jobs: 1, seed: 'one after the other' });
    expect(await outcomesOf(entries, { jobs: MANY, seed: 'all at once' })).toEqual(serial);
    expect(serial).toEqual(expectedOf(entries));
  },
  BOTH_MS,
);
