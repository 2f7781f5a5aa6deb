/** How much of a machine lab hosts take. */
import { expect, test } from '@jest/globals';
import { roomFor } from '../../helpers/machine/lab-host/disposable/bounds.ts';

const GIB = 1024 ** 3;

test.each([
  { cores: 2, memory: 24 * GIB, jobs: 4 },
  { cores: 8, memory: 15.6 * GIB, jobs: 7 },
  { cores: 1, memory: 1 * GIB, jobs: 1 },
])('a machine with $cores cores and $memory bytes has room for $jobs labs at a time', ({ jobs, ...machine }) => {
  expect(roomFor(machine)).toBe(jobs);
});
