import { describe, expect, test } from '@jest/globals';
import { GENERATIONS } from '../../helpers/machine/setup/generations.ts';
import { casesOf, labsWithCases } from '../helpers/corpus.ts';
import { neverAlone, unkilled } from '../helpers/kill-matrix.ts';
import { labCalled } from '../helpers/labs.ts';

const FEW = 5;

describe.each(labsWithCases())('the corpus of %s', (lab) => {
  const cases = casesOf(lab);

  test('one good case, one or more bad ones, but few in all, are representative', () => {
    const chosen = cases.filter(({ representative }) => representative);
    expect(chosen.filter(({ good }) => good)).not.toEqual([]);
    expect(chosen.filter(({ good }) => !good)).not.toEqual([]);
    expect(chosen.length).toBeLessThanOrEqual(FEW);
  });

  test('every criterion is failed by some submission, and by one alone', async () => {
    const criteria = Object.keys((await labCalled(lab)).criteria);
    const fails = cases.map((each) => each.fails);
    expect(unkilled(criteria, fails)).toEqual([]);
    expect(neverAlone(criteria, fails)).toEqual([]);
    expect(fails.flat().filter((id) => !criteria.includes(id))).toEqual([]);
  });

  test('`engines` names generations', () => {
    // In YAML, 20.10 without quotes is the number 20.1.
    expect(cases.flatMap(({ engines }) => engines).filter((each) => !GENERATIONS.includes(each))).toEqual([]);
  });
});
