import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { parseHandedIn } from '../../helpers/report/rubric/handed-in.ts';
import { parseRubric } from '../../helpers/report/rubric/parse.ts';
import { spanOf, timeOf } from '../../helpers/report/rubric/time.ts';
import { wholeCatalogue, type Catalogue } from '../helpers/rubrics.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await wholeCatalogue();
});

const parse = (text: string) => parseRubric(text, 'rubric.yaml', catalogue);

const RUBRIC = `due: 2026-12-01T23:59:00+01:00
late: { perDay: 10, atMost: 50, grace: 15m }
handedIn: handed-in.csv
hints: none
extensions:
  alice: 2026-12-08T23:59:00+01:00
  007: { none-network: 2026-12-02T00:00:00Z }
labs:
  none-network:
    hints: full
    criteria:
      no-route: { points: 10.5, visibility: hidden }
      cannot-reach: { points: 39.5, visibility: after_due_date, hints: nudge, hint: Look. }
  web-shop:
    due: 2026-12-20T12:00:00Z
    late: { perDay: 5 }
`;

test('everything that can be said', () => {
  const { rubric, handedIn } = parse(RUBRIC);
  const lab = rubric.labs.get('none-network');
  expect(handedIn).toBe('handed-in.csv');
  expect([...rubric.labs.keys()]).toEqual([...catalogue.keys()]);
  expect(lab).toMatchObject({
    due: new Date('2026-12-01T22:59:00Z'),
    late: { perDay: 10, atMost: 50, graceMs: 900_000 },
  });
  expect([...lab!.criteria].map(([id, { points, visibility, hints }]) => [id, points, visibility, hints])).toEqual([
    ['containers-running', 20, 'visible', 'full'],
    ['loopback-only', 30, 'visible', 'full'],
    ['no-route', 10.5, 'hidden', 'full'],
    ['cannot-reach', 39.5, 'after_due_date', 'nudge'],
  ]);
  expect(lab?.criteria.get('cannot-reach')?.hint).toBe('Look.');
  expect(rubric.labs.get('sandbox')?.criteria.get('own-ports')?.hints).toBe('none');
  expect(rubric.labs.get('web-shop')).toMatchObject({
    due: new Date('2026-12-20T12:00:00Z'),
    late: { perDay: 5, atMost: 100, graceMs: 0 },
  });
});

test('an extension for all labs shortens none; a student’s name is what is written', () => {
  const { extensions } = parse(RUBRIC).rubric;
  expect(extensions.get('alice')?.labs.has('web-shop')).toBe(false);
  expect(extensions.get('alice')?.labs.get('sandbox')).toEqual(new Date('2026-12-08T22:59:00Z'));
  expect([...extensions.get('007')!.labs]).toEqual([['none-network', new Date('2026-12-02T00:00:00Z')]]);
});

describe('a rubric that is wrong is refused with the line and the reason', () => {
  test.each<[string, string | RegExp, string | RegExp, string | RegExp]>([
    ['an unknown key', 'hints: none', 'hint: none', 'line 4: unknown key "hint" in a rubric; did you mean hints?'],
    [
      'an unknown key of a lab',
      '    hints: full',
      '    hint: full',
      'line 10: unknown key "hint" in the lab none-network',
    ],
    ['a misspelt lab', '  web-shop', '  webshop', 'line 14: there is no lab called "webshop"; did you mean web-shop?'],
    [
      'a misspelt criterion',
      'no-route',
      'no-routes',
      'line 12: there is no criterion of none-network called "no-routes"; did you mean no-route?',
    ],
    [
      'a criterion that nothing is like',
      'no-route',
      'xyzzyx',
      /line 12: .*; there are containers-running, loopback-only,/,
    ],
    [
      'points that do not sum to 100',
      '39.5',
      '40',
      'line 11: the points of none-network sum to 100.5, and a lab has 100: 50.5 for what is named here, 50 for the 2 criteria that keep their own',
    ],
    [
      'negative points',
      '39.5',
      '-1',
      'line 13: the points of cannot-reach must be a number from 0 to 100, with at most two digits',
    ],
    ['points that are no number', '39.5', '.nan', 'line 13: the points of cannot-reach must be a number from 0 to 100'],
    ['points without end', '39.5', '.inf', 'line 13: the points of cannot-reach must be'],
    ['points as a text', '39.5', '"39.5"', 'line 13: the points of cannot-reach must be'],
    ['thousandths of a point', '39.5', '39.505', 'line 13: the points of cannot-reach must be'],
    [
      'a visibility that there is not',
      'hidden',
      'invisible',
      'line 12: visibility must be one of visible, after_due_date, hidden',
    ],
    [
      'a hint level that there is not',
      'hints: nudge',
      'hints: some',
      'line 13: hints must be one of none, nudge, full',
    ],
    [
      'a date without a zone',
      '59:00+01:00',
      '59:00',
      'line 1: due: "2026-12-01T23:59:00" does not say in which time zone',
    ],
    [
      'a day that there is not',
      '2026-12-01T',
      '2026-11-31T',
      'line 1: due: "2026-11-31T23:59:00+01:00" is a date or time that does not exist',
    ],
    [
      'a date in words',
      '2026-12-01T23:59:00+01:00',
      'tomorrow',
      'line 1: due: "tomorrow" is not a date and time; write it like 2026-',
    ],
    ['a grace without a unit', '15m', '15', 'line 2: grace must be a text'],
    ['a grace in weeks', '15m', '2w', 'line 2: "2w" is not a length of time; write 15m, 2h or 1d'],
    ['more than everything', 'perDay: 10', 'perDay: 101', 'line 2: perDay must be a percentage above 0, up to 100'],
    ['late without perDay', 'perDay: 10, ', '', 'line 2: late needs perDay'],
    [
      'late without a list of when',
      'handedIn: handed-in.csv\n',
      '',
      'line 2: late needs to know when work was handed in',
    ],
    [
      'late of a lab that is never due',
      /^due: (.|\n)*labs:/,
      'handedIn: x.csv\nlabs:',
      /line 7: .* shown after the due date, and its lab has none/,
    ],
    [
      'an extension that gives nothing',
      '2026-12-08',
      '2026-11-08',
      'line 6: the extension of alice gives no more time than everybody has',
    ],
    [
      'an extension that gives nothing for its lab',
      '2026-12-02',
      '2026-11-02',
      'line 7: the extension of 007 gives no more time for none-network than everybody has',
    ],
    [
      'an extension for a lab that there is not',
      '{ none-network',
      '{ none',
      'line 7: there is no lab with a due date called "none"; did you mean none-network?',
    ],
    ['a list instead of labs', /labs:\n(.|\n)*/, 'labs: [a]', 'line 8: labs must be a mapping'],
    ['a key twice', 'hints: none', 'due: 2026-12-01T23:59:00+01:00', 'Map keys must be unique'],
    ['nothing', /(.|\n)*/, '', 'line 1: a rubric must be a mapping'],
    ['no YAML', 'due:', 'due: {', 'rubric.yaml, line '],
  ])('%s', (_, what, instead, message) => {
    const wrong = RUBRIC.replace(what, String(instead));
    expect(wrong).not.toBe(RUBRIC);
    expect(() => parse(wrong)).toThrow(message);
  });

  test('late of one lab that is never due', () => {
    expect(() => parse('handedIn: x.csv\nlabs:\n  sandbox:\n    late: { perDay: 1 }\n')).toThrow(
      'line 4: late without a due date takes nothing off anybody: say when sandbox is due',
    );
  });

  test('late without a due date', () => {
    expect(() => parse('handedIn: x.csv\nlate: { perDay: 1 }\n')).toThrow(
      'line 2: late without a due date takes nothing off anybody: say "due:"',
    );
  });

  test('extensions without a due date', () => {
    expect(() => parse('extensions: { alice: 2026-12-01T00:00:00Z }')).toThrow('extensions without a due date');
  });

  test('a few lines that stand for millions', () => {
    const bomb = ['a: &a [x, x, x, x]', 'b: &b [*a, *a, *a]', 'c: &c [*b, *b, *b]'].join('\n');
    expect(() => parse(bomb)).toThrow('line 1: unknown key "a" in a rubric');
    expect(() => parse('labs: &l { sandbox: { criteria: *l } }')).toThrow(
      'aliases (*l) are not read here: write it out',
    );
    expect(() => parse(`labs: ${'['.repeat(20_000)}`)).toThrow('rubric.yaml');
    expect(() => parse(`hints: ${'x'.repeat(1_000_001)}`)).toThrow('rubric.yaml is longer than');
  });
});

describe('the list of when work was handed in', () => {
  const list = (text: string) => parseHandedIn(text, 'list.csv', ['sandbox', 'netflix']);

  test('as a spreadsheet may write it', () => {
    const times = list(
      '\ufeffStudent,Lab,Time\r\n"Doe, ""J""",sandbox,2026-12-01T10:00:00Z\r\n\r\nbob,,"2026-12-02 10:00:00+01:00"',
    );
    expect([...times]).toEqual([
      ['Doe, "J"', { labs: new Map([['sandbox', new Date('2026-12-01T10:00:00Z')]]) }],
      ['bob', { labs: new Map(), all: new Date('2026-12-02T09:00:00Z') }],
    ]);
  });

  test.each([
    [
      'an unknown column',
      'student,date\n',
      'line 1: the first line must name the columns student, time and perhaps lab; it is "student,date"',
    ],
    ['no time', 'student,lab\n', 'line 1: the first line must name'],
    ['nothing', '', 'line 1: the first line must name'],
    ['a cell too few', 'student,time\nalice\n', 'line 2: there are 1 cells, and the first line names 2 columns'],
    ['no student', 'student,time\n,2026-12-01T10:00:00Z\n', 'line 2: there is no student'],
    [
      'a lab that there is not',
      'student,lab,time\na,sandbx,2026-12-01T10:00:00Z\n',
      'line 2: there is no lab "sandbx"; did you mean sandbox?',
    ],
    [
      'no zone',
      'student,time\n"a\nb",2026-12-01T10:00:00Z\nc,2026-12-01T10:00:00\n',
      'line 4: "2026-12-01T10:00:00" does not say in which time zone',
    ],
    [
      'a student twice',
      'student,time\na,2026-12-01T10:00:00Z\na,2026-12-02T10:00:00Z\n',
      'line 3: a is there twice: leave the time of what is graded',
    ],
    [
      'a quotation mark in the middle',
      'student,time\na"b,2026-12-01T10:00:00Z\n',
      'line 2: its quotation marks are not closed properly',
    ],
  ])('%s is refused', (_, text, message) => {
    expect(() => list(text)).toThrow(`list.csv, ${message}`);
  });
});

test.each([
  ['2026-12-01T23:59:00+01:00', new Date('2026-12-01T22:59:00Z')],
  ['2026-12-01 23:59Z', new Date('2026-12-01T23:59:00Z')],
  ['2028-02-29T00:00:00.5-05:00', new Date('2028-02-29T05:00:00.5Z')],
  ['2026-02-29T00:00:00Z', expect.stringContaining('is a date or time that does not exist')],
  ['2026-12-01T25:00:00Z', expect.stringContaining('is a date or time that does not exist')],
  ['2026-12-01T10:00:00+99:00', expect.stringContaining('is a date or time that does not exist')],
  ['2026-12-01', expect.stringContaining('is not a date and time')],
])('the time %s', (text, time) => {
  expect(timeOf(text)).toEqual(time);
});

test.each([
  ['15m', 900_000],
  ['2h', 7_200_000],
  ['1d', 86_400_000],
  ['0m', 0],
  ['-1m', expect.any(String)],
  ['1', expect.any(String)],
])('the span %s', (text, ms) => {
  expect(spanOf(text)).toEqual(ms);
});

test('the example in docs/rubric.md is a rubric, and so is its list', () => {
  const blocks = readFileSync('docs/rubric.md', 'utf8').match(/(?:^ {4}.*\n|^\n(?= {4}))+/gm) ?? [];
  const block = (first: string): string =>
    (blocks.find((each) => each.trimStart().startsWith(first)) ?? '').replaceAll(/^ {4}/gm, '');
  const { rubric, handedIn } = parse(block('due:'));
  expect(handedIn).toBe('handed-in.csv');
  expect(rubric.labs.get('nginx-flask-mongo')?.criteria.get('nginx-public-only')?.points).toBe(12);
  expect([...parseHandedIn(block('student,'), 'handed-in.csv', [...catalogue.keys()]).keys()]).toEqual([
    'alice',
    'bob',
  ]);
});
