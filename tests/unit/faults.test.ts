import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { disturbedTable } from '../helpers/faults/disturbed.ts';
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

test('and of what becomes of what runs on a machine in use', () => {
  const lines = readFileSync('docs/faults.md', 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('| end '));
  expect(cellsOf(lines.slice(start))).toEqual(cellsOf(disturbedTable()));
});
