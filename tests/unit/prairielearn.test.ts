import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import { prairieLearnResults } from '../../helpers/report/formats/prairielearn.ts';
import { areFinal } from '../../helpers/report/formats/tests.ts';
import { anyFractionalRecord, hostileRecord, LONG_LINE, NOW, recordWith, RUNS } from '../helpers/records.ts';

test('any record has a score from 0 to 1, and tests whose points sum up to it; nothing when it is not final', () => {
  fc.assert(
    fc.property(anyFractionalRecord, (record) => {
      const { gradable, score, tests, message } = prairieLearnResults(record);
      expect([gradable, score !== undefined, tests !== undefined]).toEqual(Array(3).fill(areFinal([record])));
      expect(message).not.toBe('');
      const sum = (of: 'points' | 'max_points'): number => (tests ?? []).reduce((all, each) => all + each[of], 0);
      if (tests === undefined) return;
      expect(score).toBeGreaterThanOrEqual(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(sum('points')).toBeCloseTo(record.score);
      expect(sum('max_points')).toBeCloseTo(record.maxScore);
      expect((score ?? 0) * record.maxScore).toBeCloseTo(record.score);
    }),
    RUNS,
  );
});

test('has what was expected and seen, and less than the megabyte that PrairieLearn takes', () => {
  const { tests } = prairieLearnResults(recordWith([{}]));
  expect(tests?.[0]).toMatchObject({ name: 'a-lab: rule 0', message: 'failed' });
  expect(tests?.[0]?.output).toContain('it does not hold');
  expect(JSON.stringify(prairieLearnResults(hostileRecord(LONG_LINE)), null, 2).length).toBeLessThan(1_000_000);
});

test('two formats that write results.json are refused together', () => {
  const stream = { write: () => true };
  const place = { out: 'nowhere', env: {}, now: NOW, stdout: stream, stderr: stream };
  expect(() => new ChosenFormats(['gradescope', 'prairielearn'], place)).toThrow('both write results.json');
});
