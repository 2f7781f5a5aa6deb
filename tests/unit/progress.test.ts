import { expect, test } from '@jest/globals';
import { ProgressLines } from '../../helpers/cli/progress.ts';
import { ChosenFormats } from '../../helpers/report/formats.ts';
import { labView } from '../../helpers/report/student-view.ts';
import { recordWith } from '../helpers/records.ts';

const LAB = recordWith([
  { status: 'passed', score: 10 },
  { status: 'passed', score: 7, maxScore: 7, visibility: 'hidden' },
]).labs[0]!;

test('where students read what a run is doing, a hidden rule’s points are not in it', () => {
  const written: string[] = [];
  const screen = { isTTY: false, write: (text: string) => written.push(text) };
  new ProgressLines(screen, 1).finished('alice', LAB);
  new ProgressLines(screen, 1, (lab) => labView(lab, new Date())).finished('alice', LAB);
  expect(written).toEqual([expect.stringContaining('  17/17  '), expect.stringContaining('  10/10  ')]);
});

test.each([
  [['json'], false],
  [['json', 'github'], true],
])('with --format %j students read it: %s', (names, readByStudents) => {
  const stream = { write: () => true };
  const formats = new ChosenFormats(names, { out: 'reports', env: {}, stdout: stream, stderr: stream });
  expect(formats.readByStudents).toBe(readByStudents);
});
