import js from '@eslint/js';
import jest from 'eslint-plugin-jest';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

export default defineConfig(
  { ignores: ['node_modules', 'reports', 'submissions', 'tests/corpus'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        // These print as the name a student knows.
        { allowNumber: true, allow: [{ from: 'file', name: ['Role', 'Network'] }] },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
      // What is only held until a block ends is used by being held.
      '@typescript-eslint/no-unused-vars': ['error', { ignoreUsingDeclarations: true }],
    },
  },
  {
    // What runs in a browser is checked against the DOM.
    files: ['helpers/**/browser/*.ts'],
    languageOptions: { parserOptions: { projectService: false, project: 'tsconfig.browser.json' } },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly' } },
  },
  {
    files: ['specs/**/*.spec.ts', 'tests/**/*.test.ts'],
    extends: [jest.configs['flat/recommended']],
    rules: {
      // A forgotten await before an asynchronous assertion would award the points.
      '@typescript-eslint/no-floating-promises': 'error',
      // Our own toResolve is about names, and answers at once.
      'jest/valid-expect': ['error', { alwaysAwait: true, asyncMatchers: [] }],
      'jest/expect-expect': ['error', { assertFunctionNames: ['expect', 'expect*'] }],
    },
  },
  {
    // `criterion()` is this project's `test()`.
    files: ['specs/**/*.spec.ts'],
    rules: { 'jest/no-standalone-expect': ['error', { additionalTestBlockFunctions: ['criterion'] }] },
  },
);
