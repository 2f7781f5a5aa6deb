/**
 * However many lab hosts at a time, and whoever comes first: the verdicts are those of a serial run. (`npm run
 * test:stability` shows it on the whole corpus, many times.)
 */
import { expect, test } from '@jest/globals';
import { entriesOf, expectedOf, outcomesOf } from '../helpers/rounds.ts';

const LABS = ['default-bridge', 'nginx-flask-mongo'];
/** More than any machine of ours has cores. */
const MANY = 8;
const BOTH_MS = 600_000;

test(
  'one at a time and many at a time say the same, and what is expected',
  async () => {
    const entries = entriesOf(LABS, ({ representative }) => representative);
    const serial = await outcomesOf(entries, { jobs: 1, seed: 'one after the other' });
    expect(await outcomesOf(entries, { jobs: MANY, seed: 'all at once' })).toEqual(serial);
    expect(serial).toEqual(expectedOf(entries));
  },
  BOTH_MS,
);
