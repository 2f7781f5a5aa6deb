import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { inWholePoints, total, wholePoints } from '../../helpers/report/whole-points.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { anyFractionalRecord, anyRecord, RUNS } from '../helpers/records.ts';

const anyPart = fc
  .integer({ min: 1, max: 999 })
  .chain((hundredths) =>
    fc.integer({ min: 0, max: hundredths }).map((got) => ({ score: got / 100, maxScore: hundredths / 100 })),
  );

test.each([
  ['whole points stay as they are', [[10, 10], [0, 5]], [[10, 10], [0, 5]]], // prettier-ignore
  ['thirds of a point sum to the whole', [[1 / 3, 1 / 3], [1 / 3, 1 / 3], [1 / 3, 1 / 3]], [[0, 0], [0, 0], [1, 1]]], // prettier-ignore
  ['points that were missed are never given', [[0.5, 0.5], [0, 0.5], [0.5, 0.5]], [[0, 0], [0, 0], [1, 1]]], // prettier-ignore
])('%s', (_, parts, whole) => {
  const points = parts.map(([score = 0, maxScore = 0]) => ({ score, maxScore }));
  expect(wholePoints(points).map(({ score, maxScore }) => [score, maxScore])).toEqual(whole);
});

test('sums are those of the parts, rounded down; nothing exceeds its maximum; all stays all and none stays none', () => {
  fc.assert(
    fc.property(fc.array(anyPart, { maxLength: 40 }), (parts) => {
      const whole = wholePoints(parts);
      const exact = total(parts);
      expect(total(whole)).toEqual({ score: floor(exact.score), maxScore: floor(exact.maxScore) });
      whole.forEach(({ score, maxScore }, i) => {
        expect(Number.isInteger(score) && Number.isInteger(maxScore)).toBe(true);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(maxScore);
        // eslint-disable-next-line jest/no-conditional-expect -- of parts that are drawn at random
        if (parts[i]!.score === parts[i]!.maxScore) expect(score).toBe(maxScore);
        // eslint-disable-next-line jest/no-conditional-expect
        if (parts[i]!.score === 0) expect(score).toBe(0);
      });
    }),
    RUNS,
  );
});

test('a record that is whole already does not change; a fractional one stays a record', () => {
  fc.assert(
    fc.property(anyRecord, anyFractionalRecord, (record, fractional) => {
      expect(inWholePoints(record)).toEqual(record);
      const whole = inWholePoints(fractional);
      expect(whole.score).toBe(floor(fractional.score));
      expect(whole.maxScore).toBe(floor(fractional.maxScore));
      expect(whole.labs.map(({ criteria }) => criteria.length)).toEqual(
        fractional.labs.map(({ criteria }) => criteria.length),
      );
    }),
    RUNS,
  );
});

test('the records that these tests draw obey the schema', () => {
  fc.assert(
    fc.property(anyRecord, anyFractionalRecord, (record, fractional) => {
      expect([...schemaErrors(record), ...schemaErrors(fractional)]).toEqual([]);
    }),
    RUNS,
  );
});

function floor(sum: number): number {
  return Math.floor(sum + 1e-6);
}
