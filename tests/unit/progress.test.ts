import { expect, test } from '@jest/globals';
import { ProgressLines } from '../../helpers/cli/progress.ts';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import type { LabRecord } from '../../helpers/report/record.ts';
import { notHandedInText } from '../../helpers/report/terminal.ts';
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

test('a reason for which many labs could not be graded is said once', () => {
  const written: string[] = [];
  const screen = { isTTY: false, write: (text: string) => written.push(text) };
  const progress = new ProgressLines(screen, 9, (lab) => lab);
  const failed = (lab: string, message: string): LabRecord => ({ ...LAB, lab, status: 'error', message });
  for (const lab of ['a', 'b', 'c', 'd', 'e', 'f', 'g'])
    progress.finished('alice', failed(lab, 'the engine went away'));
  progress.finished('alice', failed('h', 'the disk is full'));
  progress.finished('alice', LAB);
  progress.end();
  expect(written.map((line) => line.trimEnd())).toEqual([
    expect.stringMatching(/^\[1\/9\] alice {2}a {2}error .*: the engine went away$/),
    expect.stringMatching(/^\[8\/9\] alice {2}h {2}error .*: the disk is full$/),
    expect.stringMatching(/^\[9\/9\] /),
    '6 more could not be graded for the same reason as alice a: alice b, alice c, alice d, alice e, alice f, …',
  ]);
});

function missing(lab: string): LabRecord {
  return { ...LAB, lab, status: 'missing', message: notHandedInText(lab), criteria: [] };
}

test('what was not handed in is said once at the end, and at once where there is more to say', () => {
  const written: string[] = [];
  const screen = { isTTY: false, write: (text: string) => written.push(text) };
  const progress = new ProgressLines(screen, 6, (lab) => lab);
  for (const student of ['alice', 'bob']) {
    progress.finished(student, missing('a'));
    progress.finished(student, missing('b'));
  }
  progress.finished('alice', missing('c'));
  progress.finished('bob', { ...missing('c'), message: 'c was not handed in; the submission has C1' });
  progress.end();
  expect(written.map((line) => line.trimEnd())).toEqual([
    expect.stringMatching(/^\[6\/6\] bob {2}c {2}missing .*the submission has C1$/),
    'a, b: not handed in by 2 students: alice, bob',
    'c: not handed in by alice',
  ]);
});

test('the line that is updated is as wide as the window, and says how much time is left', () => {
  let written = '';
  let ms = 0;
  const write = (text: string): void => void (written = text);
  const screen = { isTTY: true, columns: () => 70, write };
  const progress = new ProgressLines(
    screen,
    40,
    (lab) => lab,
    () => ms,
  );
  const line = (): string => written.split('[2K').at(-1) ?? '';
  progress.begins(23);
  for (let i = 0; i < 3; i++) {
    progress.started('a-student-with-quite-a-long-name', `lab-${i}`);
    expect(line()).not.toContain('left');
  }
  expect(line()).toHaveLength(69);
  ms = 30_000;
  for (let i = 0; i < 3; i++) progress.finished('a-student-with-quite-a-long-name', { ...LAB, lab: `lab-${i}` });
  progress.started('bob', 'sandbox');
  expect(line()).toBe('grading bob sandbox  (about 3 min left)');
  ms = 40_000;
  for (let i = 0; i < 17; i++) progress.finished('bob', { ...LAB, lab: `lab-${i}` });
  progress.started('carol', 'sandbox');
  expect(line()).toBe('grading bob sandbox, carol sandbox  (about 10 s left)');
});
