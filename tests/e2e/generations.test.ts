/** On other generations of engine the verdicts are the same: seen on the cases that expected.yaml calls representative. */
import { describe } from '@jest/globals';
import { DEFAULT_GENERATION, GENERATIONS } from '../../helpers/setup/generations.ts';
import { labsWithCases } from '../helpers/corpus.ts';
import { testCorpus } from '../helpers/corpus-tests.ts';

describe.each(GENERATIONS.filter((each) => each !== DEFAULT_GENERATION))('Engine %s', (generation) => {
  testCorpus(generation, labsWithCases(), { choose: ({ representative }) => representative });
});
