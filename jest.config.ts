/** Jest for the grader's own tests. Specs are not tests of ours: the judge runs them, one survey at a time. */
import type { Config } from 'jest';

const common = {
  transform: { '\\.ts$': ['ts-jest', { diagnostics: false }] },
  roots: ['<rootDir>/tests'],
  // The corpus and submissions hold students' files.
  modulePathIgnorePatterns: ['<rootDir>/tests/corpus/', '<rootDir>/submissions/'],
} satisfies Config;

export default {
  reporters: ['default'],
  // Of units: a machine that does other things besides may be slow, and no test is about time.
  testTimeout: 60_000,
  projects: [
    { ...common, displayName: 'unit', testMatch: ['<rootDir>/tests/unit/**/*.test.ts'] },
    { ...common, displayName: 'e2e', testMatch: ['<rootDir>/tests/e2e/**/*.test.ts'] },
    { ...common, displayName: 'stability', testMatch: ['<rootDir>/tests/stability/**/*.test.ts'] },
    { ...common, displayName: 'engines', testMatch: ['<rootDir>/tests/engines/**/*.test.ts'] },
  ],
} satisfies Config;
