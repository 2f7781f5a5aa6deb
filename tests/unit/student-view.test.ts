import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CriterionRecord, StudentRecord } from '../../helpers/report/record.ts';
import { isShown, studentView } from '../../helpers/report/student-view.ts';
import { anyRubricRecord, marked, marksIn, NOW, recordWith, RUNS } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';

const PAST = '2026-09-01T00:00:00.000Z';
const FUTURE = '2026-09-20T00:00:00.000Z';

function viewOf(criteria: Partial<CriterionRecord>[], due?: string): StudentRecord {
  const record = recordWith(criteria);
  if (due !== undefined) record.labs[0]!.due = due;
  return studentView(record, NOW);
}

test.each([
  [undefined, undefined, true],
  [undefined, FUTURE, true],
  ['after_due_date', FUTURE, false],
  ['after_due_date', PAST, true],
  ['after_due_date', NOW.toISOString(), true],
  ['after_due_date', undefined, false],
  ['hidden', undefined, false],
  ['hidden', PAST, false],
] as const)('a rule with visibility %s of a lab due %s is shown: %s', (visibility, due, shown) => {
  const [criterion] = recordWith([visibility === undefined ? {} : { visibility }]).labs[0]!.criteria;
  expect(isShown(criterion!, due === undefined ? {} : { due }, NOW)).toBe(shown);
});

test('a record that hides nothing is the student’s view of it', () => {
  const record = recordWith([{ status: 'passed', score: 10 }, {}]);
  expect(studentView(record, NOW)).toEqual(record);
});

describe('a hidden rule', () => {
  test('is gone, with its points, and how many there are is said', () => {
    const view = viewOf([
      { status: 'passed', score: 10 },
      { visibility: 'hidden', maxScore: 7 },
    ]);
    expect([view.score, view.maxScore, view.labs[0]!.score, view.labs[0]!.maxScore]).toEqual([10, 10, 10, 10]);
    expect(view.labs[0]!.criteria.map(({ id }) => id)).toEqual(['c0']);
    expect(view.labs[0]!.message).toBe('1 more rule counts (7 points) and is not shown');
  });

  test('that waits for the due date says until when; with one that does not, nothing is promised', () => {
    const waiting = { visibility: 'after_due_date', maxScore: 0.1 } as const;
    expect(viewOf([{}, waiting], FUTURE).labs[0]!.message).toBe(
      `1 more rule counts (0.1 points) and is not shown before ${FUTURE}`,
    );
    expect(viewOf([{}, waiting, { visibility: 'hidden', maxScore: 0.2 }], FUTURE).labs[0]!.message).toBe(
      '2 more rules count (0.3 points) and are not shown',
    );
  });

  test('is not named by one that it stands in the way of, which shows nothing that was seen', () => {
    const evidence = [{ what: 'docker inspect secret', output: 'secret' }];
    const view = viewOf([
      { visibility: 'hidden', title: 'secret' },
      { status: 'skipped', blockedBy: 'c0', actual: 'because of the secret', evidence },
      { status: 'skipped', blockedBy: 'c1', actual: 'because of rule 1' },
    ]);
    expect(JSON.stringify(view)).not.toContain('secret');
    expect(view.labs[0]!.criteria).toMatchObject([
      { id: 'c1', actual: 'it could not be judged, because of a rule that is not shown' },
      { id: 'c2', blockedBy: 'c1', actual: 'because of rule 1' },
    ]);
  });

  test('is not named in a lab’s message, which says still that something could not be graded', () => {
    const record = recordWith([{}, { id: 'secret', status: 'error', visibility: 'hidden' }]);
    record.labs[0]!.message = 'could not be judged: secret; run again';
    const [lab] = studentView(record, NOW).labs;
    expect(lab!.status).toBe('error');
    expect(lab!.message).toBe(
      '1 more rule counts (10 points) and is not shown; could not be graded completely; run again',
    );
  });

  test('cannot be read off the network as it should be', () => {
    const record = recordWith([{}, { visibility: 'hidden' }]);
    const way = { expected: false, observed: 'reached' } as const;
    record.labs[0]!.topology = {
      networks: [],
      containers: [],
      expected: { networks: [], containers: [{ role: 'secret', networks: [] }] },
      reach: [{ from: 'secret', to: 'secret', byName: way, byAddress: way }],
    };
    expect(JSON.stringify(studentView(record, NOW))).not.toContain('secret');
  });
});

test('shows what is to be shown and nothing else of any record, with sums of what it shows', () => {
  fc.assert(
    fc.property(anyRubricRecord, (drawn) => {
      const record = marked(drawn);
      const view = studentView(record, NOW);
      const shown = record.labs.flatMap((lab, l) =>
        lab.criteria.flatMap((criterion, c) => (isShown(criterion, lab, NOW) ? [`${l}x${c}`] : [])),
      );
      expect(marksIn(JSON.stringify(view))).toEqual(new Set(shown));
      expect(schemaErrors(view)).toEqual([]);
      for (const { score, maxScore, criteria } of view.labs.filter((lab) => lab.criteria.length > 0)) {
        expect(score).toBeCloseTo(criteria.reduce((sum, each) => sum + each.score, 0));
        expect(maxScore).toBeCloseTo(criteria.reduce((sum, each) => sum + each.maxScore, 0));
      }
      expect(view.score).toBeCloseTo(view.labs.reduce((sum, each) => sum + each.score, 0));
    }),
    RUNS,
  );
});
