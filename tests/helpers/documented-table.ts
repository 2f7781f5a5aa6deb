/** Reads tables of the documentation, so that tests can hold them against what they are about. */
import { readFileSync } from 'node:fs';

/**
 * @param head What the table's first cell is.
 * @returns its cells, row by row from the head on, however it is laid out.
 */
export function documentedTable(file: string, head: string): string[][] {
  const lines = readFileSync(file, 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith(`| ${head}`));
  if (start < 0) throw new Error(`${file} has no table that begins with "${head}"`);
  const after = lines.slice(start);
  const end = after.findIndex((line) => !line.startsWith('|'));
  return after
    .slice(0, end < 0 ? undefined : end)
    .filter((row) => !/^\|[ :-]+\|/.test(row))
    .map(cellsOf);
}

function cellsOf(row: string): string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}
