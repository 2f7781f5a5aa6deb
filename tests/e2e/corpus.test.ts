/** Every known-good submission gets full marks, every known-bad one fails exactly what it should: on the real engine. */
import { writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { definition } from '../../specs/nginx-flask-mongo.lab.ts';
import { casesOf, layOut } from '../helpers/corpus.ts';
import { criteriaWith, grade, labOf, recordOf, workspace, type Run } from '../helpers/grade.ts';
import { killMatrix, neverAlone, unkilled } from '../helpers/kill-matrix.ts';
import { schemaErrors } from '../helpers/schema.ts';

const LAB = definition.name;
const CRITERIA = Object.keys(definition.criteria);
const WHOLE_CORPUS_MS = 25 * 60_000;

const cases = casesOf(LAB);
const place = workspace();
let run: Run;

beforeAll(async () => {
  for (const each of cases) layOut(LAB, each, place.submissions);
  run = await grade(['--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
}, WHOLE_CORPUS_MS);

afterAll(() => {
  place[Symbol.dispose]();
});

test('the whole corpus was graded', () => {
  expect(run.stderr).not.toMatch(/internal error/);
  expect(run.exitCode).toBe(0);
});

describe.each(cases)('$name', ({ name, good, fails, status }) => {
  test('fails what it should, and nothing else', () => {
    const lab = labOf(place.out, name, LAB);
    expect([lab.status, criteriaWith(lab, 'failed'), criteriaWith(lab, 'error')]).toEqual([
      status,
      [...fails].sort(),
      [],
    ]);
  });

  test('scores what it should', () => {
    const lab = labOf(place.out, name, LAB);
    expect(good ? lab.score === 100 : lab.score < 100).toBe(true);
  });

  test('has a record that obeys the schema and adds up', () => {
    const record = recordOf(place.out, name);
    expect(schemaErrors(record)).toEqual([]);
    const [lab] = record.labs;
    const points = lab?.criteria.reduce((sum, { score }) => sum + score, 0);
    expect([record.score, record.maxScore]).toEqual([points, 100]);
  });

  test('says for every criterion that was not judged which one stands in the way', () => {
    const lab = labOf(place.out, name, LAB);
    const blockers = lab.criteria
      .filter((each) => each.status === 'skipped')
      .map(({ blockedBy }) => lab.criteria.find(({ id }) => id === blockedBy)?.status);
    // A blocker may itself be blocked, by one that failed.
    expect(blockers.filter((each) => each !== 'failed' && each !== 'skipped')).toEqual([]);
  });
});

test('every criterion is failed by some submission, and by one alone', () => {
  const records = new Map(cases.map(({ name }) => [name, labOf(place.out, name, LAB)]));
  writeSync(1, `\n${killMatrix(CRITERIA, records)}\n\n`);
  expect(unkilled(CRITERIA, records.values())).toEqual([]);
  expect(neverAlone(CRITERIA, records.values())).toEqual([]);
});
