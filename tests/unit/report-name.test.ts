import path from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linkTo, studentFile } from '../../helpers/report/report-name.ts';
import { HOSTILE, HOSTILE_LINES, RUNS } from '../helpers/records.ts';

test.each(['alice', 'Zoë', 'example-good', '山田 太郎', "o'neill & sons", 'a.b'])('%s is called so', (student) => {
  expect(studentFile(student, 'html')).toBe(`${student}.html`);
});

test.each([
  ['index', 'html', 'student-index.html'],
  ['Index', 'html', 'student-Index.html'],
  ['student-index', 'html', 'student-student-index.html'],
  ['index', 'json', 'index.json'],
  ['summary', 'json', 'student-summary.json'],
  ['result', 'json', 'student-result.json'],
])('%s.%s would be a file of the run, or somebody else’s: it becomes %s', (student, ending, file) => {
  expect(studentFile(student, ending)).toBe(file);
});

const NAMES = [
  ...HOSTILE_LINES,
  HOSTILE,
  '../../etc/passwd',
  '..',
  '.',
  '',
  'a/b',
  'a\\b',
  'javascript:alert(1)',
  'x'.repeat(300),
  '\u{1f600}'.repeat(300),
  '\u202egnp',
];

function expectFit(student: string): void {
  const file = studentFile(student, 'html');
  expect(path.basename(path.join('/reports', file))).toBe(file);
  expect(path.dirname(path.join('/reports', file))).toBe('/reports');
  expect(Buffer.byteLength(`${file}.1234567.tmp`)).toBeLessThan(256);
  expect(file).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}/\\:]|^\./u);
  // A browser that has index.html open gets to exactly that file.
  const url = new URL(linkTo(file, 'a b'), 'file:///reports/index.html');
  expect([url.protocol, decodeURIComponent(url.pathname), url.hash]).toEqual(['file:', `/reports/${file}`, '#a%20b']);
}

test.each(NAMES)('%j is a file in the folder, and a link to it leads there', (student) => {
  expectFit(student);
});

test('so is any name, and no two share a file', () => {
  const anyName = fc.oneof(fc.string({ unit: 'binary', maxLength: 300 }), fc.constantFrom(...NAMES));
  fc.assert(
    fc.property(anyName, anyName, (one, other) => {
      expectFit(one);
      expect(studentFile(one, 'html') === studentFile(other, 'html')).toBe(one === other);
    }),
    { ...RUNS, numRuns: 300 },
  );
});
