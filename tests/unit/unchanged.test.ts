/** Which options of a run make its results others than those of an earlier run. */
import { expect, test } from '@jest/globals';
import { gradedOn, runOptions, type GradeOptions } from '../../helpers/run/options.ts';

const OTHERS: GradeOptions[] = [
  {},
  { engine: '26.1' },
  { foreignImages: false },
  { egress: 'all' },
  { runtime: 'runsc' },
  { registryMirror: 'http://mirror.invalid:5000' },
  { registryMirror: 'http://other.invalid:5000' },
  { host: 'local' },
  { host: 'local', live: true },
  { host: 'ssh://amy@example.invalid' },
  { host: 'ssh://amy@example.invalid', live: true },
];

function kindOf(options: GradeOptions): string {
  return gradedOn(runOptions(options));
}

test('each option that may change a verdict makes another kind of machine', () => {
  const kinds = OTHERS.map(kindOf);
  expect(new Set(kinds).size).toBe(OTHERS.length);
});

test('an option that changes no verdict makes no other', () => {
  const same: GradeOptions = {
    jobs: 1,
    out: 'elsewhere',
    keep: true,
    again: true,
    students: ['amy'],
    labs: ['sandbox'],
  };
  expect(kindOf(same)).toBe(kindOf({}));
});
