/** Surveys as files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { UsageError } from '../../helpers/base/failure.ts';
import { NOTHING } from '../../helpers/survey/nothing.ts';
import { packSurvey, readSurvey } from '../../helpers/survey/survey-file.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-survey-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test('what was packed is read again, with its lab', async () => {
  const file = path.join(root, 'a-lab.json.gz');
  writeFileSync(file, packSurvey('a-lab', NOTHING));
  expect(await readSurvey(file)).toEqual({ schemaVersion: 1, lab: 'a-lab', survey: NOTHING });
});

test.each([
  ['no gzip', Buffer.from('text'), /cannot be read as a survey/],
  ['half of a file', packSurvey('a-lab', NOTHING).subarray(0, 60), /cannot be read as a survey/],
  ['a later version', gzipSync('{"schemaVersion": 2}'), /says schemaVersion 2.*grade the submission again/],
  ['a file that unpacks to far too much', gzipSync(Buffer.alloc(65 * 1024 * 1024)), /cannot be read as a survey/],
])('%s is refused in a sentence', async (_, content, message) => {
  const file = path.join(root, 'a-lab.json.gz');
  writeFileSync(file, content);
  await expect(readSurvey(file)).rejects.toThrow(UsageError);
  await expect(readSurvey(file)).rejects.toThrow(message);
});

test('a file that is not there is named', async () => {
  await expect(readSurvey(path.join(root, 'nowhere.json.gz'))).rejects.toThrow(/nowhere\.json\.gz cannot be read/);
});
