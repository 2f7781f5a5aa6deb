import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { attempts } from '../attacks/attack.ts';
import { ATTACKS } from '../attacks/all.ts';
import { tables } from '../attacks/table.ts';

/** The cells of a table below a heading, row by row, however it is laid out. */
function documented(title: string): string[][] {
  const text = readFileSync('docs/security.md', 'utf8');
  const [, chapter = ''] = text.split(`### ${title}\n`);
  const [table = ''] = chapter.split('\n#');
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|[ |-]+$/.test(line))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

describe('attacks', () => {
  test.each(tables())('docs/security.md says what is shown: $title', ({ title, rows }) => {
    expect(documented(title)).toEqual(rows);
  });

  test('have names of their own, and a sentence each', () => {
    expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
    for (const { name, shows } of ATTACKS) {
      expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(shows).toMatch(/^\S.*\.$/);
    }
  });

  test('with more than one outcome say why each is right', () => {
    const unexplained = ATTACKS.filter(({ outcomes }) =>
      outcomes.slice(1).some(({ because }) => because === undefined),
    );
    expect(unexplained.map(({ name }) => name)).toEqual([]);
  });

  test('of several attempts print all of them, within what a record keeps of an output', () => {
    const script = attempts({ one: `echo 'it''s'`, two: 'false' });
    expect(script).toContain(`try one 'echo '\\''it'\\'''\\''s'\\'''`);
    expect(script).toContain(`try two 'false'`);
  });
});
