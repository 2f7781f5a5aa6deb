import { parse } from 'csv-parse/sync';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { csvCell, csvText, type Delimiter } from '../../helpers/report/csv.ts';
import { HOSTILE, HOSTILE_LINES, LONG_LINE, RUNS } from '../helpers/records.ts';

test.each([
  ['=HYPERLINK("x")', `'=HYPERLINK("x")`],
  ['+1+2', "'+1+2"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['＝1+1', "'＝1+1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠x', "'＠x"],
  ['\tx', "'\tx"],
  ['\t=x', "'\t'=x"],
  ['  =1+1', "  '=1+1"],
  ['a\n=1+1', "a\n'=1+1"],
  ['a;=1+1', "a;'=1+1"],
  ['a; -1+1', "a; '-1+1"],
  ['\r=1', '·=1'],
  ['a\u0000b\u202e', 'a·b·'],
  ['half \ud83d', 'half \ufffd'],
  ['-5', '-5'],
  ['-3.5', '-3.5'],
  ['-', '-'],
  ['a=b, c-d', 'a=b, c-d'],
  ['plain', 'plain'],
  ['    Points Possible', '    Points Possible'],
])('%j becomes %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});

test('numbers are numbers, and what has a separator, a quote or a line break is quoted', () => {
  expect(
    csvText([
      ['a,b', 'c"d', -3.5],
      ['e\nf', ' g', 0.1],
    ]),
  ).toBe('"a,b","c""d",-3.5\r\n"e\nf", g,0.1\r\n');
  expect(csvText([['a,=1', 'c;d']], ';')).toBe('a,\'=1;"c;d"\r\n');
});

describe('whatever a student wrote', () => {
  const anyCell = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_LINES, HOSTILE));

  test.each([',', ';', '\t'] as Delimiter[])(
    'stays in its cell, and is no formula, with %j between cells',
    (delimiter) => {
      fc.assert(
        fc.property(fc.array(fc.array(anyCell, { minLength: 3, maxLength: 3 }), { minLength: 1 }), (rows) => {
          const text = csvText(rows, delimiter);
          const read = parse(text, { delimiter });
          expect(read).toEqual(rows.map((row) => row.map((cell) => csvCell(cell, delimiter))));
          for (const cell of read.flat()) expect(isFormula(cell)).toBe(false);
          // Nor where a spreadsheet splits cells at other separators and heeds no quotes.
          const others = /[,;\t]/g.source.replace(delimiter === '\t' ? '\\t' : delimiter, '');
          for (const cell of read.flat().flatMap((each) => each.split(new RegExp(`${others}|\n`))))
            expect(isFormula(cell)).toBe(false);
        }),
        RUNS,
      );
    },
  );

  test('may be as long as it likes', () => {
    expect(parse(csvText([[LONG_LINE, 'next']]))).toEqual([[LONG_LINE, 'next']]);
  });
});

/** As a spreadsheet decides it; a number is none. */
function isFormula(cell: string): boolean {
  return /^\s*[=+\-@＝＋－＠]/.test(cell) && !/^\s*-?(\d+(\.\d+)?)?$/.test(cell);
}
