/** Whose record it is when what runs on a machine is graded and nobody says whose work it is. */
import os from 'node:os';
import { expect, test } from '@jest/globals';
import { ownerOf, runOptions } from '../../helpers/run/options.ts';

test.each([
  ['ssh://student@198.51.100.7', 'student@198.51.100.7'],
  ['ssh://student@198.51.100.7:22', 'student@198.51.100.7'],
  ['ssh://student@lab.example:2222', 'student@lab.example:2222'],
  ['ssh://student@[2001:db8::7]', 'student@2001:db8::7'],
  ['local', os.userInfo().username],
])('on %s it is that of %s', (host, owner) => {
  expect(ownerOf(runOptions({ live: true, host }).host)).toBe(owner);
});
