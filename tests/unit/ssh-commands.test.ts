/** What the other machine's shell is given, and what is read of its answer. */
import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { Mark, MarkedOutput } from '../../helpers/machine/ssh/mark.ts';
import { quoted } from '../../helpers/machine/ssh/quote.ts';
import { lineOf } from '../../helpers/machine/ssh/remote-run.ts';

const sh = (line: string): string => execFileSync('sh', ['-c', line], { encoding: 'utf8', timeout: 10_000 });

const WORDS = [
  'plain',
  '',
  'two words',
  "it's",
  `"both" 'kinds'`,
  '$HOME `id` $(id)',
  'back\\slash',
  'line\nbreak',
  '*',
  '~',
  'A=b',
  '-n',
  '; exit 1 #',
  'ü→',
];

test('a shell takes quoted words apart into the same words', () => {
  expect(sh(`printf '%s\\0' ${quoted(WORDS)}`).split('\0')).toEqual([...WORDS, '']);
});

test('a line quoted twice comes out as once', () => {
  expect(sh(quoted(['sh', '-c', quoted(['printf', '%s|', ...WORDS])]))).toBe(`${WORDS.join('|')}|`);
});

test('a word with a NUL is refused', () => {
  expect(() => quoted(['a\0b'])).toThrow(/NUL/);
});

test('a command gets the environment, the folder and the words given, and no input', () => {
  const mark = new Mark();
  const script = 'cat; echo "$A|$PWD|$#|$2|${HOME-none}"';
  const line = lineOf(
    {
      argv: ['/bin/sh', '-c', script, 'sh', 'one', "t'wo"],
      cwd: '/tmp',
      env: { A: 'a b' },
      timeoutMs: 9_000,
      maxOutput: 100,
    },
    mark,
  );
  expect(sh(`${line} 2>/dev/null`)).toBe(`${mark.text}\na b|/tmp|2|t'wo|none\n`);
});

test('the output after the mark is the command’s, however it arrives', () => {
  const mark = new Mark();
  const text = `Welcome\n${mark.text} 4711\nfirst\nsecond ${mark.text}\n`;
  for (let size = 1; size <= text.length; size++) {
    const output = new MarkedOutput(mark);
    let read = '';
    for (let i = 0; i < text.length; i += size) read += output.add(Buffer.from(text.slice(i, i + size))).toString();
    expect([read, output.line]).toEqual([`first\nsecond ${mark.text}\n`, '4711']);
  }
});

test('without the mark, what came in its place is kept', () => {
  const output = new MarkedOutput(new Mark());
  expect(output.add(Buffer.from('sh: cannot cd\n'))).toHaveLength(0);
  expect([output.line, output.noise]).toEqual([undefined, 'sh: cannot cd']);
});
