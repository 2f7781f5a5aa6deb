/** CSV as spreadsheets and learning platforms read it (RFC 4180), in which no cell is a formula. */
import { stringify } from 'csv-stringify/sync';
import { inert } from './terminal.ts';

/** A number is written as one; a text that a spreadsheet would calculate is not. */
export type Cell = string | number;
export type Delimiter = ',' | ';' | '\t';

/** What begins a formula, in a spreadsheet or (full-width forms) where East Asian input is read. */
const BEGINS_FORMULA = '[=+\\-@＝＋－＠]';
/** `-3.5` is a number, and `-` alone is how Moodle writes "no grade". */
const NO_FORMULA = /^-?(\d+(\.\d+)?)?$/;

export function csvText(rows: Cell[][], delimiter: Delimiter = ','): string {
  return stringify(
    rows.map((row) => row.map((cell) => (typeof cell === 'number' ? String(cell) : csvCell(cell, delimiter)))),
    // What a line break of any kind is in would otherwise only be quoted when it is CR LF.
    { delimiter, record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  );
}

/**
 * A cell's text as it may be written: an apostrophe stands before what would be a formula. That is looked for also after
 * the other separators: a spreadsheet set to another one splits cells there, and heeds no quotes in doing so.
 */
export function csvCell(text: string, delimiter: Delimiter = ','): string {
  if (NO_FORMULA.test(text)) return text;
  const others = [',', ';', '\t'].filter((each) => each !== delimiter).join('');
  const formula = new RegExp(`(^|[\\r\\n${others}])([^\\S\\r\\n]*)(?=${BEGINS_FORMULA})`, 'g');
  return inert(text.toWellFormed())
    .replace(formula, "$1$2'")
    .replace(/^(?=[\t\r\n])/, "'");
}
