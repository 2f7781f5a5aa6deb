import { expect, test } from '@jest/globals';
import { GENERATIONS, namesOf, outdated } from '../../helpers/setup/generations.ts';

test('golden volumes of another digest are outdated, other generations of this one are not', () => {
  const current = GENERATIONS.map((each) => namesOf('aaaa', each).goldenVolume);
  const earlier = GENERATIONS.map((each) => namesOf('bbbb', each).goldenVolume);
  const withoutGeneration = ['netgrade-golden-aaaa', 'netgrade-golden-cccc'];
  expect(outdated([...current, ...earlier, ...withoutGeneration], 'aaaa')).toEqual([...earlier, ...withoutGeneration]);
});

test('every generation has names of its own', () => {
  const names = GENERATIONS.flatMap((each) => Object.values(namesOf('aaaa', each)));
  expect(new Set(names).size).toBe(2 * GENERATIONS.length);
});
