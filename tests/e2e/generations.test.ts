/**
 * On another generation of engine the verdicts are the same: seen on the cases that expected.yaml calls representative,
 * on the generation that differs most from the usual one. (`npm run test:engines` takes all cases on all of them.)
 */
import { describe } from '@jest/globals';
import { testCorpus } from '../helpers/corpus-tests.ts';
import { labsWithCases } from '../helpers/corpus.ts';
import { OLDEST_GENERATION } from '../helpers/generations.ts';

describe(`Engine ${OLDEST_GENERATION}`, () => {
  testCorpus(OLDEST_GENERATION, labsWithCases(), { choose: ({ representative }) => representative });
});
