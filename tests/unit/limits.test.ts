import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { ABILITIES, limitsOf, WAYS, wayOf } from '../../helpers/lab-host/limits.ts';

/** Cells of the table in docs/hosts.md, row by row, however it is laid out. */
function documented(): string[][] {
  const lines = readFileSync('docs/hosts.md', 'utf8').split('\n');
  const start = lines.findIndex((line) => line.startsWith('| what'));
  const rows = lines.slice(start).slice(
    0,
    lines.slice(start).findIndex((line) => !line.startsWith('|')),
  );
  return rows
    .filter((row) => !/^\|[ -]+\|/.test(row))
    .map((row) =>
      row
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('what a kind of host can judge', () => {
  test('is what docs/hosts.md says', () => {
    const heads = WAYS.map((way) => `\`${way.replace(' live', ' --live')}\``);
    expect(documented()).toEqual([
      ['what', ...heads],
      ...ABILITIES.map(({ what, on }) => [what, ...WAYS.map((way) => on[way])]),
    ]);
  });

  test('is everything on a machine of ours, and less elsewhere', () => {
    expect(limitsOf('disposable')).toEqual([]);
    expect(limitsOf(wayOf('ssh', false))).toContainEqual(expect.stringMatching(/^`overlay-network`: no: /));
    expect(limitsOf(wayOf('local', true))).toContainEqual(expect.stringMatching(/^`end-to-end`.*--allow-disturb/));
  });
});
