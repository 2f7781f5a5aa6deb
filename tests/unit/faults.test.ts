import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { faultTable } from '../helpers/faults/matrix.ts';

/** Cells of the first table in some lines, row by row, however it is laid out. */
function cellsOf(lines: string[]): string[][] {
  const table = lines.slice(lines.findIndex((line) => line.startsWith('|')));
  const end = table.findIndex((line) => !line.startsWith('|'));
  return table
    .slice(0, end === -1 ? undefined : end)
    .filter((line) => !/^\|[ |-]+\|$/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

test('docs/faults.md shows what the tests expect of each fault', () => {
  expect(cellsOf(readFileSync('docs/faults.md', 'utf8').split('\n'))).toEqual(cellsOf(faultTable()));
});
