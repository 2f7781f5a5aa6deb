/** Every known-good submission gets full marks, every known-bad one fails exactly what it should: on the real engine. */
import { writeSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_GENERATION } from '../../helpers/setup/generations.ts';
import { labsWithCases } from '../helpers/corpus.ts';
import { testCorpus, type GradedCorpus } from '../helpers/corpus-tests.ts';
import { labNames } from '../helpers/labs.ts';
import { killMatrix, neverAlone, unkilled } from '../helpers/kill-matrix.ts';

const labs = labsWithCases();

test('every lab that can be graded has a corpus', () => {
  expect(labNames()).toEqual(labs);
});

function everyCriterionIsKilled({ cases, recordOf }: GradedCorpus): void {
  test('every criterion is failed by some submission, and by one alone', () => {
    const records = new Map(cases.map(({ name }) => [name, recordOf(name)]));
    const graded = [...records.values()].find(({ status }) => status === 'graded');
    const criteria = (graded?.criteria ?? []).map(({ id }) => id);
    expect(criteria).not.toEqual([]);
    writeSync(1, `\n${graded?.lab ?? ''}\n\n${killMatrix(criteria, records)}\n\n`);
    expect(unkilled(criteria, records.values())).toEqual([]);
    expect(neverAlone(criteria, records.values())).toEqual([]);
  });
}

describe.each(labs)('the corpus of %s', (lab) => {
  testCorpus(DEFAULT_GENERATION, [lab], { choose: ({ rare }) => !rare, more: everyCriterionIsKilled });
});
