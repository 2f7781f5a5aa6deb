/** Who plays a role that several containers play, while a criterion is judged. */
import { afterEach, expect, test } from '@jest/globals';
import { inEveryCast, placeNow, playTogether } from '../../helpers/judge/cast.ts';

const ROLES = ['web', 'app', 'db'];

afterEach(() => {
  for (const role of ROLES) playTogether(role, 1);
});

function casts(): string[] {
  return inEveryCast(() => ROLES.map(placeNow).join(''));
}

test('where no role is shared, there is one cast', () => {
  expect(casts()).toEqual(['000']);
});

test('each container of a shared role plays it once', () => {
  playTogether('app', 3);
  expect(casts()).toEqual(['000', '010', '020']);
});

test('each container of a shared role meets each of another one', () => {
  for (const [role, containers] of [
    ['web', 2],
    ['app', 3],
    ['db', 2],
  ] as const)
    playTogether(role, containers);
  const all = casts();
  expect(new Set(all).size).toBe(all.length);
  for (const [one, other, counts] of [
    [0, 1, [2, 3]],
    [0, 2, [2, 2]],
    [1, 2, [3, 2]],
  ] as const)
    for (let i = 0; i < counts[0]; i++)
      for (let j = 0; j < counts[1]; j++)
        expect(all.some((cast) => cast[one] === `${i}` && cast[other] === `${j}`)).toBe(true);
});

test('afterwards, the first container plays again, even if something was thrown', () => {
  playTogether('app', 2);
  expect(() =>
    inEveryCast(() => {
      if (placeNow('app') === 1) throw new Error('the second one');
    }),
  ).toThrow('the second one');
  expect(placeNow('app')).toBe(0);
});
