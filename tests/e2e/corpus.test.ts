/** Every known-good submission gets full marks, every known-bad one fails exactly what it should: on the real engine. */
import { writeSync } from 'node:fs';
import { afterAll, describe, expect, test } from '@jest/globals';
import { DEFAULT_GENERATION } from '../../helpers/machine/setup/generations.ts';
import { labsWithCases } from '../helpers/corpus.ts';
import { testCorpus, type GradedCorpus } from '../helpers/corpus-tests.ts';
import { labNames } from '../helpers/labs.ts';
import { killMatrix } from '../helpers/kill-matrix.ts';

const labs = labsWithCases();

test('every lab that can be graded has a corpus', () => {
  expect(labNames()).toEqual(labs);
});

/** For whoever reads the run's output. That every criterion is killed is a matter of expected.yaml: see the unit tests. */
function showKillMatrix({ cases, recordOf }: GradedCorpus): void {
  afterAll(() => {
    const records = new Map(cases.map(({ name }) => [name, recordOf(name)]));
    const graded = [...records.values()].find(({ status }) => status === 'graded');
    const criteria = (graded?.criteria ?? []).map(({ id }) => id);
    writeSync(1, `\n${graded?.lab ?? ''}\n\n${killMatrix(criteria, records)}\n\n`);
  });
}

// In one run: the one that waits for a container that never starts leaves the machine to others.
describe('the corpus', () => {
  testCorpus(DEFAULT_GENERATION, labs, { choose: ({ rare }) => !rare, more: showKillMatrix });
});
