import { expect, test } from '@jest/globals';
import { GENERATIONS, namesOf, outdated, type Digests } from '../../helpers/machine/setup/generations.ts';

const DAY = 24 * 3_600_000;

const digests = (golden: string): Digests => ({ golden, image: 'dddd' });

test('golden volumes of another digest are outdated after a day, other generations of this one are not', () => {
  const current = GENERATIONS.map((each) => namesOf(digests('aaaa'), each).goldenVolume);
  const earlier = GENERATIONS.map((each) => namesOf(digests('bbbb'), each).goldenVolume);
  const withoutGeneration = ['netgrade-golden-aaaa', 'netgrade-golden-cccc'];
  const made = [...current, ...earlier, ...withoutGeneration].map((name) => ({ name, madeAt: DAY }));
  expect(outdated(made, digests('aaaa'), 2 * DAY + 1)).toEqual([...earlier, ...withoutGeneration]);
  expect(outdated(made, digests('aaaa'), 2 * DAY)).toEqual([]);
});

test('every generation has names of its own', () => {
  const names = GENERATIONS.flatMap((each) => Object.values(namesOf(digests('aaaa'), each)));
  expect(new Set(names).size).toBe(3 * GENERATIONS.length);
});
