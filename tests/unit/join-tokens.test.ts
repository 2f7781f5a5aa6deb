import { randomBytes } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { substituteFor, tokenBehind } from '../../helpers/machine/policy/join-tokens.ts';

const TOKEN = 'SWMTKN-1-3pu6hszjas19xyp7ghgosyx9k8atbfcr8p2is99znpy26u2lkl-1awxwuwd3z9j1z3puu7rcgdbx';
const SECRET = randomBytes(32).toString('hex');

test('a substitute looks like a token and has nothing of it', () => {
  const substitute = substituteFor(TOKEN, SECRET);
  expect(substitute).toMatch(/^SWMTKN-1-[a-z0-9]+-[a-z0-9]+$/);
  expect(substitute).not.toContain('3pu6hszjas19xyp7');
  expect(substituteFor(TOKEN, SECRET)).not.toBe(substitute);
});

test('whoever has the secret finds the token behind it', () => {
  expect(tokenBehind(substituteFor(TOKEN, SECRET), SECRET)).toBe(TOKEN);
});

test.each([
  ['another secret', substituteFor(TOKEN, randomBytes(32).toString('hex'))],
  ['a changed one', substituteFor(TOKEN, SECRET).replace(/..$/, (end) => (end === '00' ? '01' : '00'))],
  ['a real token', TOKEN],
  ['nothing', ''],
  ['one without an end', `SWMTKN-1-${'0'.repeat(56)}-`],
  ['one of odd length', `SWMTKN-1-${'0'.repeat(56)}-abc`],
])('%s has none behind it', (_, text) => {
  expect(tokenBehind(text, SECRET)).toBeUndefined();
});
