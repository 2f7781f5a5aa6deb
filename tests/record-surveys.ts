/**
 * `npm run test:record`: grades good submissions on a real engine, and keeps what was seen in tests/surveys/, for the unit
 * tests of the matchers. Nothing is kept unless every criterion is passed.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { StudentRecord } from '../helpers/report/record.ts';
import { surveyFile } from '../helpers/report/report-name.ts';
import { casesOf, layOut } from './helpers/corpus.ts';
import { labNames } from './helpers/labs.ts';
import { ANSWERED_HERE, SURVEYS } from './helpers/surveys.ts';

const GOOD = 'example-good';
/** The good one answers about its author's machine; this one answers about the machine that it is graded on. */
const WRITTEN_HERE = 'written-by-the-script';
const INSPECTION = 'inspect-busybox';

/** What is kept: the survey of which student's lab, by which name. */
const KEPT = [
  ...labNames().map((lab) => ({ student: GOOD, lab, name: lab })),
  { student: WRITTEN_HERE, lab: INSPECTION, name: ANSWERED_HERE },
];

const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-record-'));
const [submissions, out] = [path.join(folder, 'submissions'), path.join(folder, 'reports')];

function isPassed(student: string, lab: string): boolean {
  const record = JSON.parse(readFileSync(path.join(out, `${student}.json`), 'utf8')) as StudentRecord;
  const criteria = record.labs.find((each) => each.lab === lab)?.criteria ?? [];
  return criteria.length > 0 && criteria.every(({ status }) => status === 'passed');
}

try {
  cpSync(path.join('submissions', GOOD), path.join(submissions, GOOD), { recursive: true });
  const written = casesOf(INSPECTION).find(({ name }) => name === WRITTEN_HERE);
  if (written === undefined) throw new Error(`the corpus of ${INSPECTION} has no case ${WRITTEN_HERE}`);
  layOut(INSPECTION, written, submissions);
  const students = [GOOD, WRITTEN_HERE];
  const grading = ['helpers/cli/start.mjs', 'helpers/cli/grade.ts', ...students, '--submissions', submissions];
  const { status } = spawnSync(process.execPath, [...grading, '--out', out], { stdio: 'inherit' });
  if (status !== 0) throw new Error(`nothing is kept, because grading ended with exit code ${String(status)}`);
  const bad = KEPT.filter(({ student, lab }) => !isPassed(student, lab));
  if (bad.length > 0)
    throw new Error(`nothing is kept, because this is not passed: ${bad.map(({ name }) => name).join(', ')}`);
  for (const { student, lab, name } of KEPT)
    copyFileSync(path.join(out, surveyFile(student, lab)), path.join(SURVEYS, `${name}.json.gz`));
  console.log(`kept ${KEPT.length} surveys in ${path.relative(process.cwd(), SURVEYS)}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
