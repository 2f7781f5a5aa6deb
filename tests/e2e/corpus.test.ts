/** Every known-good submission gets full marks, every known-bad one fails exactly what it should: on the real engine. */
import { writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { casesOf, labsWithCases, layOut } from '../helpers/corpus.ts';
import { criteriaWith, grade, labOf, recordOf, workspace, type Run } from '../helpers/grade.ts';
import { killMatrix, neverAlone, unkilled } from '../helpers/kill-matrix.ts';
import { labNames } from '../helpers/labs.ts';
import { schemaErrors } from '../helpers/schema.ts';

const WHOLE_CORPUS_MS = 25 * 60_000;

const labs = labsWithCases();

test('every lab that can be graded has a corpus', () => {
  expect(labNames()).toEqual(labs);
});

describe.each(labs)('%s', (lab) => {
  const cases = casesOf(lab);
  const place = workspace();
  let run: Run;

  beforeAll(async () => {
    for (const each of cases) layOut(lab, each, place.submissions);
    run = await grade(['--submissions', place.submissions, '--out', place.out, '--lab', lab]);
  }, WHOLE_CORPUS_MS);

  afterAll(() => {
    place[Symbol.dispose]();
  });

  test('the whole corpus was graded', () => {
    expect(run.stderr).not.toMatch(/internal error/);
    expect(run.exitCode).toBe(0);
  });

  test.each(cases)('$name fails what it should, and nothing else', ({ name, good, fails, status }) => {
    const record = labOf(place.out, name, lab);
    expect([record.status, criteriaWith(record, 'failed'), criteriaWith(record, 'error')]).toEqual([
      status,
      [...fails].sort(),
      [],
    ]);
    expect(good ? record.score === 100 : record.score < 100).toBe(true);
  });

  test('every record obeys the schema and adds up', () => {
    for (const { name } of cases) {
      const record = recordOf(place.out, name);
      expect(schemaErrors(record)).toEqual([]);
      const points = record.labs[0]?.criteria.reduce((sum, { score }) => sum + score, 0);
      expect([record.score, record.maxScore]).toEqual([points, 100]);
    }
  });

  test('every criterion that was not judged names one that stands in the way', () => {
    for (const { name } of cases) {
      const record = labOf(place.out, name, lab);
      const blockers = record.criteria
        .filter((each) => each.status === 'skipped')
        .map(({ blockedBy }) => record.criteria.find(({ id }) => id === blockedBy)?.status);
      // A blocker may itself be blocked, by one that failed.
      expect(blockers.filter((each) => each !== 'failed' && each !== 'skipped')).toEqual([]);
    }
  });

  test('every criterion is failed by some submission, and by one alone', () => {
    const records = new Map(cases.map(({ name }) => [name, labOf(place.out, name, lab)]));
    const graded = [...records.values()].find(({ status }) => status === 'graded');
    const criteria = (graded?.criteria ?? []).map(({ id }) => id);
    expect(criteria).not.toEqual([]);
    writeSync(1, `\n${lab}\n\n${killMatrix(criteria, records)}\n\n`);
    expect(unkilled(criteria, records.values())).toEqual([]);
    expect(neverAlone(criteria, records.values())).toEqual([]);
  });
});
