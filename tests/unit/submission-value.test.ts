/** A submission as one value: what of a folder is kept, and what is not. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readSubmission, textOf } from '../../helpers/submission/submission.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-submission-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(file: string, content: string | Buffer): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

test('its small files are kept as texts, those nearest to the top first', async () => {
  put('a/b/deep.txt', 'deep');
  put('a/app.py', 'app');
  put('run.sh', 'run');
  const { texts } = await readSubmission(root);
  expect(texts.map(({ file }) => file)).toEqual(['run.sh', 'a/app.py', 'a/b/deep.txt']);
});

test('a text is found by its path, however that is written, and behind links that stay inside', async () => {
  put('app/answers.yaml', 'q1: yes');
  symlinkSync('app/answers.yaml', path.join(root, 'answers.yaml'));
  symlinkSync('app', path.join(root, 'door'));
  symlinkSync('../door/answers.yaml', path.join(root, 'app/again'));
  const submission = await readSubmission(root);
  for (const file of ['./app/answers.yaml', 'answers.yaml', 'door/answers.yaml', 'door/again'])
    expect([file, textOf(submission, file)]).toEqual([file, 'q1: yes']);
});

test('no link leads out of a submission, or for ever', async () => {
  put('lab/run.sh', 'mine');
  put('secret', 'not theirs');
  symlinkSync('../secret', path.join(root, 'lab/up'));
  symlinkSync(path.join(root, 'secret'), path.join(root, 'lab/absolute'));
  symlinkSync('circle', path.join(root, 'lab/circle'));
  symlinkSync('nowhere', path.join(root, 'lab/dangling'));
  const submission = await readSubmission(path.join(root, 'lab'));
  for (const file of ['up', 'absolute', 'circle', 'dangling', '../secret'])
    expect([file, textOf(submission, file)]).toEqual([file, undefined]);
});

test('a large file is no text, but part of the digest', async () => {
  put('data.bin', 'x'.repeat(70_000));
  const first = await readSubmission(root);
  put('data.bin', `${'x'.repeat(69_999)}y`);
  const second = await readSubmission(root);
  expect(first.texts).toEqual([]);
  expect(second.digest).not.toBe(first.digest);
});

test('what is no UTF-8 is told from text', async () => {
  put('latin.sh', Buffer.from('echo caf\xe9', 'latin1'));
  put('binary', Buffer.from('a\0b'));
  put('text', 'café');
  const { texts } = await readSubmission(root);
  expect(texts.map(({ file, isUtf8 }) => [file, isUtf8])).toEqual([
    ['binary', false],
    ['latin.sh', false],
    ['text', true],
  ]);
});

test('a text is what the file means, as its copy on the lab host is, with which it is compared', async () => {
  put('answers.yaml', '\ufeffq1: bridge\r\n');
  const { texts, notes } = await readSubmission(root);
  expect(texts).toEqual([{ file: 'answers.yaml', text: 'q1: bridge\n', isUtf8: true }]);
  expect(notes).toEqual([
    expect.stringContaining('answers.yaml begins with a byte order mark'),
    expect.stringContaining('answers.yaml has Windows line endings'),
  ]);
});

test.each(['submission.yaml.txt', 'Submision.yml', 'work/submission (1).yaml', 'submission.txt'])(
  'that %s is not read is said',
  async (file) => {
    put(file, 'roles: { mongo: database }\n');
    const { notes } = await readSubmission(root);
    expect(notes).toEqual([`${file} was not read: if it says how to deploy, rename it to submission.yaml`]);
  },
);

test('nothing is said of other files, or where there is a submission.yaml', async () => {
  put('submission.txt', 'My submission.\n');
  expect((await readSubmission(root)).notes).toEqual([]);
  put('submission.yaml', 'timeout: 5\n');
  put('submission.yaml.txt', 'timeout: 6\n');
  expect((await readSubmission(root)).notes).toEqual([]);
});

test('of very much text, what is nearest to the top is kept', async () => {
  for (let i = 0; i < 30; i++) put(`lots/${String(i).padStart(2, '0')}.txt`, 'x'.repeat(60_000));
  put('run.sh', 'mine');
  const { texts } = await readSubmission(root);
  expect(texts[0]?.file).toBe('run.sh');
  expect(texts.length).toBe(5); // 256 KiB
});

test('of a folder that is too large, texts are kept, too: on a live host it is graded, and its answers are in them', async () => {
  put('answers.yaml', 'q1: bridge');
  for (let i = 0; i < 5001; i++) put(`venv/${i}`, '');
  const submission = await readSubmission(root);
  expect(submission.over).toMatch(/^the submission is too large/);
  expect(textOf(submission, 'answers.yaml')).toBe('q1: bridge');
});

test('a submission.yaml that is wrong is part of the value, not an exception', async () => {
  put('submission.yaml', 'deplyo: compose');
  const { manifest } = await readSubmission(root);
  expect(manifest).toEqual({ problem: expect.stringContaining('unknown key "deplyo"') });
});
