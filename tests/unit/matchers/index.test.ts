/** Nobody adds a matcher without its tests: testMatcher asks for a survey that holds, one that fails, and one that is open. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

const MATCHERS = path.resolve('helpers/judge/matchers');
const TESTS = path.resolve('tests/unit/matchers');
const SPECS = path.resolve('specs');

const textsIn = (folder: string, ending: string): string =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => readFileSync(path.join(folder, file), 'utf8'))
    .join('\n');
const found = (text: string, pattern: RegExp): string[] =>
  [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))].sort();

const tested = found(textsIn(TESTS, '.test.ts'), /testMatcher\(\s*'((?:not\.)?to\w+)'/g);

test('every matcher that is registered is tested, and nothing else', () => {
  const registered = found(readFileSync(path.join(MATCHERS, 'index.ts'), 'utf8'), /^ +(to\w+): /gm);
  expect(registered.length).toBeGreaterThan(40);
  expect(found(tested.join('\n'), /(to\w+)/g)).toEqual(registered);
});

test('every matcher that a spec negates is tested as its negative', () => {
  const negated = found(textsIn(SPECS, '.spec.ts'), /\.not\.(to\w+)/g);
  expect(negated.length).toBeGreaterThan(0);
  expect(tested).toEqual(expect.arrayContaining(negated.map((name) => `not.${name}`)));
});

test('every file of matchers has a file of tests', () => {
  const filesIn = (folder: string, ending: string): string[] =>
    readdirSync(folder).map((file) => file.replace(ending, ''));
  expect(filesIn(TESTS, '.test.ts')).toEqual(filesIn(MATCHERS, '.ts'));
});
