import { expect, test } from '@jest/globals';
import { ProgressLines } from '../../helpers/cli/progress.ts';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import { labView } from '../../helpers/report/student-view.ts';
import { recordWith } from '../helpers/records.ts';

const LAB = recordWith([
  { status: 'passed', score: 10 },
  { status: 'passed', score: 7, maxScore: 7, visibility: 'hidden' },
]).labs[0]!;

test('where students read what a run is doing, a hidden rule’s points are not in it', () => {
  const written: string[] = [];
  const screen = { isTTY: false, write: (text: string) => written.push(text) };
  new ProgressLines(screen, 1, (lab) => lab).finished('alice', LAB);
  new ProgressLines(screen, 1, (lab) => labView(lab, new Date())).finished('alice', LAB);
  expect(written).toEqual([expect.stringContaining('  17/17  '), expect.stringContaining('  10/10  ')]);
});

test.each([
  [['json'], {}, '17'],
  [['json'], { CI: 'true' }, '10'],
  [['json', 'github'], {}, '10'],
])('with --format %j and %j in the environment %s points are shown', (names, env, points) => {
  const stream = { write: () => true };
  const place = { out: 'reports', env, now: new Date(), stdout: stream, stderr: stream };
  expect(String(new ChosenFormats(names, place).printableLab(LAB).score)).toBe(points);
});
