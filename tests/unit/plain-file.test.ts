import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readPlainFile } from '../../helpers/base/plain-file.ts';
import { deploymentOf } from '../../helpers/submission/deployment.ts';
import { readManifest } from '../../helpers/submission/manifest.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';

let root: string;
let file: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-plain-'));
  file = path.join(root, 'submission.yaml');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** What somebody may put in a file's place, and what is then said of a submission.yaml. */
const IN_ITS_PLACE: [string, () => void, string, RegExp][] = [
  [
    'a link to a file outside',
    () => {
      symlinkSync('/etc/passwd', file);
    },
    'no file',
    /must be a file/,
  ],
  ['a pipe', () => execFileSync('mkfifo', [file]), 'no file', /must be a file/],
  [
    'a device',
    () => {
      symlinkSync('/dev/zero', file);
    },
    'no file',
    /must be a file/,
  ],
  [
    'a folder',
    () => {
      mkdirSync(file);
    },
    'no file',
    /must be a file/,
  ],
  [
    'a file without end',
    () => {
      writeFileSync(file, '');
      truncateSync(file, 2 ** 40);
    },
    'too long',
    /longer than 64 KiB/,
  ],
];

test.each(IN_ITS_PLACE)('%s is not read', async (_, make, unread, said) => {
  make();
  expect(await readPlainFile(file, 64 * 1024)).toBe(unread);
  await expect(readManifest(root)).rejects.toThrow(said);
  expect(deploymentOf(await readSubmission(root))).toEqual({ how: 'none', reason: expect.stringMatching(said) });
});

test('a file of the limit’s size is read whole, one byte more is too long', async () => {
  writeFileSync(file, 'x'.repeat(100));
  expect((await readPlainFile(file, 100)).toString()).toBe('x'.repeat(100));
  expect(await readPlainFile(file, 99)).toBe('too long');
});

test('where nothing is, nothing is said', async () => {
  expect(await readPlainFile(path.join(root, 'nowhere/file'), 10)).toBe('missing');
  expect(await readManifest(root)).toEqual({ roles: {} });
});
