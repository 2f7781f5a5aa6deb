/** Folders laid out to do harm: what cannot be read is left out, and nothing fails or hangs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fingerprintOfTexts } from '../../helpers/report/similarity/fingerprint.ts';
import { comparedTexts, type ComparedText } from '../../helpers/report/similarity/compared-texts.ts';
import { isCompared } from '../../helpers/report/similarity/streams.ts';
import { RUNS } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { classOf, NOTHING_SEEN } from '../helpers/similarity.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';

const NOTHING_GIVEN = { shapes: new Set<string>(), texts: new Set<string>(), stems: new Set<string>() };
const KB = 1024;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-hostile-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(file: string, content: string | Buffer): void {
  mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
  writeFileSync(path.join(folder, file), content);
}

async function comparedIn(root: string): Promise<ComparedText[]> {
  return comparedTexts((await readSubmission(root)).texts, isCompared);
}

async function filesRead(): Promise<string[]> {
  return (await comparedIn(folder)).map(({ file }) => file);
}

describe('of a folder are read', () => {
  test('Compose files, scripts, Dockerfiles, configuration and programs, wherever they are', async () => {
    for (const file of ['compose.yaml', 'run.sh', 'a/Dockerfile', 'a/b/site.conf', 'a/server.py', '.env'])
      put(file, 'x');
    for (const file of ['photo.png', 'README.md', 'submission.yaml', '.git/x.sh', 'node_modules/x.js']) put(file, 'x');
    expect(await filesRead()).toEqual([
      '.env',
      'a/Dockerfile',
      'a/b/site.conf',
      'a/server.py',
      'compose.yaml',
      'run.sh',
    ]);
  });

  test('no links, to files or folders, inside or out; no pipes and no devices', async () => {
    put('run.sh', 'echo mine');
    const secret = mkdtempSync(path.join(os.tmpdir(), 'netgrade-secret-'));
    try {
      writeFileSync(path.join(secret, 'secret.sh'), 'echo secret');
      symlinkSync(path.join(secret, 'secret.sh'), path.join(folder, 'a.sh'));
      symlinkSync(secret, path.join(folder, 'b'));
      symlinkSync(folder, path.join(folder, 'c'));
      symlinkSync('/dev/zero', path.join(folder, 'd.sh'));
      execFileSync('mkfifo', [path.join(folder, 'e.sh')]);
      execFileSync('mknod', [path.join(folder, 'f.sh'), 'c', '1', '5']);
      expect(await filesRead()).toEqual(['run.sh']);
    } finally {
      rmSync(secret, { recursive: true });
    }
  });

  test('nothing binary, nothing in another encoding, nothing huge', async () => {
    put('binary.sh', Buffer.from('echo \0'));
    put('latin.sh', Buffer.from('echo caf\xe9', 'latin1'));
    put('lines.sh', 'x\n'.repeat(1_000_000));
    put('limit.sh', 'x'.repeat(32 * KB));
    put('beyond.sh', 'x'.repeat(32 * KB + 1));
    put('run.sh', 'echo café');
    expect(await filesRead()).toEqual(['limit.sh', 'run.sh']);
  });

  test('no more than a little altogether: files, bytes, depth', async () => {
    const lengths: number[] = [];
    for (const [name, count, size] of [
      ['many', 200, 10],
      ['large', 20, 30 * KB],
    ] as const) {
      // prettier-ignore
      for (let i = 0; i < count; i++) put(`${name}/${i}.sh`, 'x'.repeat(size));
      lengths.push((await comparedIn(path.join(folder, name))).length);
    }
    put(`${'deep/'.repeat(7)}run.sh`, 'x');
    put(`${'flat/'.repeat(6)}run.sh`, 'x');
    expect(lengths).toEqual([60, 4]);
    const deep = await comparedIn(path.join(folder, 'deep'));
    const flat = await comparedIn(path.join(folder, 'flat'));
    expect([deep.length, flat.length]).toEqual([1, 1]);
    put(`${'too/'.repeat(9)}run.sh`, 'x');
    expect(await comparedIn(path.join(folder, 'too'))).toEqual([]);
  });

  test('files with whatever names', async () => {
    put('a\n::error::.sh', 'echo');
    put('\u001b[2J.sh', 'echo');
    expect((await filesRead()).length).toBe(2);
  });
});

const fill = (text: string): string => text.repeat(Math.ceil((15 * KB) / text.length));
const layers = 'bcdefghi'
  .split('')
  .map((key, i) => `${key}: &${key} [${fill('*,').slice(0, 18).replaceAll('*', `*${'abcdefghi'[i]!}`)}x]`);

test.each([
  ['an alias bomb', `a: &a [x, x, x]\n${layers.join('\n')}\nservices: { s: { command: *i } }`],
  ['an alias to itself', 'services: &a { s: *a }'],
  ['merges upon merges', `a: &a {x: 1}\n${fill('b: {<<: *a}\n')}`],
  ['keys in keys', fill('? ')],
  ['lists in lists', fill('[')],
  ['mappings in mappings', fill('{a: ')],
  ['dashes', fill('- ')],
  ['comments that do not end', fill('/*')],
  ['quotation marks', fill('"\'')],
  ['variables that do not end', fill('${x')],
  ['one word', 'a'.repeat(30 * KB)],
  ['slashes', '/'.repeat(30 * KB)],
  [
    'names of objects',
    'services: { __proto__: { image: x }, constructor: { image: y } }\n__proto__: { polluted: yes }',
  ],
  ['no mapping', '- services'],
  ['services that are none', 'services: { a: 1, b: [x], c: null }\nnetworks: 7\nvolumes: [a]'],
])('%s: a fingerprint like any other', (_, text) => {
  for (const file of ['compose.yaml', 'run.sh', 'server.py', 'answers.yaml', 'nginx.conf']) {
    const fingerprint = fingerprintOfTexts([{ file, text }], NOTHING_SEEN, NOTHING_GIVEN);
    expect(schemaErrors(classOf('a-lab', [['eve', fingerprint]])[0])).toEqual([]);
  }
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('much of everything is cut to what a record has room for', () => {
  const words = (n: number): string => Array.from({ length: n }, (_, i) => `w${i}x`).join(' ');
  const runs = Array.from({ length: 90 }, (_, i) => `docker run --name ${'name'.repeat(50)}-${i}y z`).join('\n');
  const { grams, names } = fingerprintOfTexts(
    [
      { file: 'a.py', text: words(4000) },
      { file: 'run.sh', text: runs },
    ],
    NOTHING_SEEN,
    NOTHING_GIVEN,
  );
  expect(grams.split(' ').length).toBe(300);
  expect(names.every(({ length }) => length <= 80)).toBe(true);
  expect(schemaErrors(classOf('a-lab', [['eve', { grams, names }]])[0])).toEqual([]);
});

test('any text at all has a fingerprint that the schema allows', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      'services:\n',
      '  a:\n',
      'docker run --name ',
      'docker network connect ',
      '"',
      "'",
      '$',
      '\\\n',
      ' & ',
      '{{',
      '# ',
    ),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
  const file = fc.constantFrom('compose.yaml', 'run.sh', 'Dockerfile', 'x.py', 'answers.yaml');
  fc.assert(
    fc.property(file, text, (name, content) => {
      const fingerprint = fingerprintOfTexts([{ file: name, text: content }], NOTHING_SEEN, NOTHING_GIVEN);
      expect(schemaErrors(classOf('a-lab', [['eve', fingerprint]])[0])).toEqual([]);
    }),
    RUNS,
  );
});
