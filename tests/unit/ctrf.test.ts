import { Ajv } from 'ajv';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ctrfReport } from '../../helpers/report/formats/ctrf.ts';
import { anyFractionalRecord, anyRecord, recordWith, RUNS } from '../helpers/records.ts';

/** The rules of ctrf.io that concern what is written here: which fields have to be there, and their types. */
const count = { type: 'integer', minimum: 0 };
const counts = ['tests', 'passed', 'failed', 'pending', 'skipped', 'other', 'start', 'stop'];
const valid = new Ajv({ strict: false }).compile({
  type: 'object',
  additionalProperties: false,
  required: ['reportFormat', 'specVersion', 'results'],
  properties: {
    reportFormat: { const: 'CTRF' },
    specVersion: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' },
    results: {
      type: 'object',
      additionalProperties: false,
      required: ['tool', 'summary', 'tests'],
      properties: {
        tool: { type: 'object', required: ['name'], properties: { name: { type: 'string' } } },
        summary: {
          type: 'object',
          required: counts,
          properties: Object.fromEntries(counts.map((each) => [each, count])),
        },
        tests: {
          type: 'array',
          items: {
            type: 'object',
            additionalProperties: false,
            required: ['name', 'status', 'duration'],
            properties: {
              name: { type: 'string', minLength: 1 },
              status: { enum: ['passed', 'failed', 'skipped', 'pending', 'other'] },
              duration: count,
              suite: { type: 'array', items: { type: 'string' }, minItems: 1 },
              message: { type: 'string' },
              rawStatus: { type: 'string' },
              extra: { type: 'object' },
            },
          },
        },
      },
    },
  },
});

test('any records are a valid report, whose counts are those of its tests', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyRecord, anyFractionalRecord), { maxLength: 3 }), (records) => {
      const report = ctrfReport(records);
      expect([valid(report), valid.errors]).toEqual([true, null]);
      const { summary, tests } = report.results;
      expect(summary.tests).toBe(tests.length);
      expect(summary.passed + summary.failed + summary.skipped + summary.other).toBe(tests.length);
      expect(summary.stop).toBeGreaterThanOrEqual(summary.start);
    }),
    RUNS,
  );
});

test('what could not be judged is no failure', () => {
  const { tests, summary } = ctrfReport([recordWith([{ status: 'error' }, { status: 'passed' }, {}])]).results;
  expect(tests.map(({ status }) => status)).toEqual(['other', 'passed', 'failed']);
  expect([summary.other, summary.failed]).toEqual([1, 1]);
  expect(tests[2]).toMatchObject({ suite: ['alice', 'a-lab'], extra: { criterion: 'c2', score: 0, maxScore: 10 } });
});
