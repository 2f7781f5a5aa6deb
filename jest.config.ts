/**
 * Jest for the grader's own tests, and for specs. Specs judge a survey: `npm run grade` runs them for every submission,
 * and an author for one (docs/add-a-lab.md), both by the project `specs` below.
 */
import type { Config } from 'jest';

const common = {
  transform: { '\\.ts$': ['ts-jest', { diagnostics: false }] },
  roots: ['<rootDir>/tests'],
  // The corpus and submissions hold students' files.
  modulePathIgnorePatterns: ['<rootDir>/tests/corpus/', '<rootDir>/submissions/'],
} satisfies Config;

const specs = {
  displayName: 'specs',
  // A student's own x.test.js must never run here.
  roots: ['<rootDir>/specs', '<rootDir>/helpers/judge'],
  haste: { enableSymlinks: false, forceNodeFilesystemAPI: true },
  testMatch: ['<rootDir>/specs/*.spec.ts'],
  transform: common.transform,
  testEnvironment: '<rootDir>/helpers/run/spec-environment.ts',
  // Node itself loads the environment: it deploys submissions, and is no part of a spec.
  transformIgnorePatterns: ['/node_modules/', '<rootDir>/helpers/run/'],
} satisfies Config;

/** Whether it is said what specs judge: then nothing but specs is run. */
const hasSurvey = (process.env['SURVEY'] ?? process.env['SUBMISSION']) !== undefined;
/** Without that, specs only say what is missing: nobody is told who did not name one. */
const namesSpecs = process.argv.slice(2).some((word) => /\bspecs?\b/.test(word));

export default {
  reporters: ['default'],
  // Of units: a machine that does other things besides may be slow, and no test is about time.
  testTimeout: 60_000,
  projects: hasSurvey
    ? [specs]
    : [
        ...(namesSpecs ? [specs] : []),
        { ...common, displayName: 'unit', testMatch: ['<rootDir>/tests/unit/**/*.test.ts'] },
        { ...common, displayName: 'e2e', testMatch: ['<rootDir>/tests/e2e/**/*.test.ts'] },
        { ...common, displayName: 'stability', testMatch: ['<rootDir>/tests/stability/**/*.test.ts'] },
        { ...common, displayName: 'engines', testMatch: ['<rootDir>/tests/engines/**/*.test.ts'] },
      ],
} satisfies Config;
