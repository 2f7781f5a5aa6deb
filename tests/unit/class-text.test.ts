/** The class in a terminal. */
import { expect, test } from '@jest/globals';
import { belowText, classText } from '../../helpers/report/class-text.ts';
import { notHandedInText, studentText } from '../../helpers/report/terminal.ts';
import { studentView } from '../../helpers/report/student-view.ts';
import type { LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import { HOSTILE, NOW, recordOf, recordWith } from '../helpers/records.ts';

const LAB = recordWith([{ title: 'mongo is private' }, { status: 'passed', score: 10 }]).labs[0]!;
const MISSING: LabRecord = { ...LAB, status: 'missing', score: 0, message: notHandedInText('a-lab'), criteria: [] };
const FULL = recordWith([{ status: 'passed', score: 20, maxScore: 20 }]).labs[0]!;
const NOBODYS: LabRecord = { ...MISSING, lab: 'unseen', message: notHandedInText('unseen') };
const CLASS = [
  recordOf('alice', [LAB, NOBODYS]),
  recordOf('bob', [FULL, NOBODYS]),
  recordOf('carol', [MISSING, NOBODYS]),
];
const PLAIN = { colours: false };

test('has who handed something in, the scores in words, the labs, and what failed most often', () => {
  expect(
    classText(
      CLASS.map(({ student, labs }) => recordOf(student, labs.slice(0, 1))),
      PLAIN,
    ).split('\n'),
  ).toEqual([
    'the class: 3 students, 2 handed something in',
    '  half of them have 50 % of the points or more; on average it is 50 %; 1 has all points',
    '  lab    graded  missing  invalid  error  half have at least',
    '  a-lab       2        1        ·      ·                75 %',
    '  failed most often:',
    '    1 of 2  mongo is private  (a-lab)',
  ]);
});

test('a lab that nobody handed in has no line of its own', () => {
  const text = classText(CLASS, PLAIN);
  expect(text).toContain('\n  nobody handed in: unseen');
  expect(text).not.toMatch(/^ *unseen/m);
});

test('a student reads in one line what is not handed in', () => {
  const text = studentText(CLASS[2]!, PLAIN);
  expect(text.split('\n').slice(-1)).toEqual(['  not handed in: a-lab, unseen']);
  expect(text).not.toContain('missing');
});

test('says who is below the least score, lowest first', () => {
  const whole = CLASS.map(({ student, labs }) => recordOf(student, labs.slice(0, 1)));
  expect(belowText(whole, 60)).toBe('below 60 %: carol 0/20, alice 10/20');
  expect(belowText(whole, 0)).toBe('');
  expect(belowText(whole, undefined)).toBe('');
});

test('a student whose work could not be graded is not below', () => {
  const unjudged = recordOf('dora', [{ ...MISSING, status: 'error' }]);
  expect(belowText([unjudged, CLASS[2]!], 60)).toBe('below 60 %: carol 0/40');
});

test('who is below is decided by all rules, as the exit code is; points are not said where some are hidden', () => {
  const hidden = recordWith([{ visibility: 'hidden' }, { status: 'passed', score: 10 }], 'eve');
  const view = (record: StudentRecord): StudentRecord => studentView(record, NOW);
  expect(view(hidden)).toMatchObject({ score: 10, maxScore: 10 });
  expect(belowText([hidden], 60, view)).toBe('below 60 %: eve');
  expect(belowText([hidden], 60)).toBe('below 60 %: eve 10/20');
});

test('a student’s text cannot steer the terminal', () => {
  const record = recordWith([{ title: HOSTILE }], HOSTILE);
  const text = classText([record, record], PLAIN) + belowText([record], 60);
  // eslint-disable-next-line no-control-regex -- nothing may steer it
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202e]/);
});
