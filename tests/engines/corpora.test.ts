/** `npm run test:engines`: the whole corpus of every lab on every generation of engine. */
import { describe } from '@jest/globals';
import { GENERATIONS } from '../../helpers/machine/setup/generations.ts';
import { labsWithCases } from '../helpers/corpus.ts';
import { testCorpus } from '../helpers/corpus-tests.ts';

describe.each(GENERATIONS)('Engine %s', (generation) => {
  describe.each(labsWithCases())('the whole corpus of %s', (lab) => {
    testCorpus(generation, [lab]);
  });
});
