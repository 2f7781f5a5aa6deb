/** `npm run report`: any format from finished records. No engine is there for these tests. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { report } from '../helpers/grade.ts';
import { recordWith } from '../helpers/records.ts';

jest.setTimeout(30_000);
const NO_ENGINE = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };

let reports: string;
beforeEach(() => {
  reports = mkdtempSync(path.join(os.tmpdir(), 'netgrade-report-'));
});
afterEach(() => {
  rmSync(reports, { recursive: true, force: true });
});

function put(file: string, content: string): string {
  const target = path.join(reports, file);
  writeFileSync(target, content);
  return target;
}

function read(file: string): string {
  return readFileSync(path.join(reports, file), 'utf8');
}

/** Scored by a rubric in which the first rule has 25 points and the second is hidden. */
function scoredByRubric(student: string, status: 'passed' | 'failed'): StudentRecord {
  const record = recordWith(
    [
      { status, score: status === 'passed' ? 25 : 0, maxScore: 25 },
      { visibility: 'hidden', title: 'a secret' },
    ],
    student,
  );
  return { ...record, rubric: { file: 'rubric.yaml', sha256: '0123456789ab' } };
}

test('writes a format from finished records, which keep the rubric that they were scored by', async () => {
  const records = [scoredByRubric('alice', 'passed'), scoredByRubric('bob', 'failed')];
  const texts = records.map((record) => `${JSON.stringify(record, null, 2)}\n`);
  records.forEach(({ student }, i) => put(`${student}.json`, texts[i]!));
  const roster = put('export.csv', 'Student,ID,SIS User ID,SIS Login ID,Section,a-lab (17)\nAlice A,1,,alice,,\n');
  const { exitCode, stderr } = await report(
    [reports, '--format', 'canvas,markdown', '--roster', roster, '--min-score', '0'],
    NO_ENGINE,
  );
  expect([exitCode, stderr]).toEqual([0, expect.stringContaining('"bob" is not in')]);
  expect(read('canvas.csv')).toContain('Alice A,1,,alice,,25\r\n');
  expect(read('alice.md')).not.toContain('a secret');
  expect(['alice.json', 'bob.json'].map(read)).toEqual(texts);
  expect(read('gradebook.csv')).toContain('alice');
});

test('a format about one student takes the one that is named; nobody of that name is refused', async () => {
  for (const student of ['alice', 'bob']) put(`${student}.json`, JSON.stringify(scoredByRubric(student, 'passed')));
  const one = await report([reports, 'bob', '--format', 'gradescope'], NO_ENGINE);
  expect([one.exitCode, JSON.parse(read('results.json'))]).toEqual([0, expect.objectContaining({ score: 25 })]);
  const nobody = await report([reports, 'bop', '--format', 'gradescope'], NO_ENGINE);
  expect([nobody.exitCode, nobody.stderr]).toEqual([2, expect.stringContaining('did you mean bob?')]);
});

test('overrides without a rubric leave those points alone that a rubric gave, and say so', async () => {
  put('alice.json', JSON.stringify(scoredByRubric('alice', 'passed')));
  const overrides = put('overrides.yaml', '');
  const { exitCode, stderr } = await report([reports, '--overrides', overrides], NO_ENGINE);
  expect([exitCode, stderr]).toEqual([
    2,
    expect.stringContaining('the records were scored by rubric.yaml: say --rubric FILE beside --overrides'),
  ]);
  expect((JSON.parse(read('alice.json')) as StudentRecord).score).toBe(25);
});

test('says who is below the least score', async () => {
  for (const student of ['alice', 'bob'])
    put(`${student}.json`, JSON.stringify(scoredByRubric(student, student === 'bob' ? 'failed' : 'passed')));
  const { exitCode, stdout } = await report([reports, '--min-score', '80', '--format', 'json'], NO_ENGINE);
  expect([exitCode, stdout]).toEqual([1, expect.stringContaining('below 80 %: bob 0/35, alice 25/35')]);
});
