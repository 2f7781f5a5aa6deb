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
    // Without this, a cell is quoted only for CR LF, not for a single CR or LF.
    { delimiter, record_delimiter: '\r\n', quoted_match: /[\r\n]/ },
  );
}

/**
 * A cell's text, made safe: an apostrophe is put before whatever a spreadsheet would take for a formula. Formulas are
 * looked for after the other separators, too: a spreadsheet that is set to another separator splits the cell there,
 * even inside quotes.
 */
export function csvCell(text: string, delimiter: Delimiter = ','): string {
  if (NO_FORMULA.test(text)) return text;
  const others = [',', ';', '\t'].filter((each) => each !== delimiter).join('');
  const formula = new RegExp(`(^|[\\r\\n${others}])([^\\S\\r\\n]*)(?=${BEGINS_FORMULA})`, 'g');
  return inert(text.toWellFormed())
    .replace(formula, "$1$2'")
    .replace(/^(?=[\t\r\n])/, "'");
}
