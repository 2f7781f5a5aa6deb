/** Where a student's points went. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lossesOf } from '../../helpers/report/losses.ts';
import { studentView } from '../../helpers/report/student-view.ts';
import { anyFractionalRecord, recordWith, RUNS } from '../helpers/records.ts';

const lab = recordWith([
  { id: 'containers-running', maxScore: 6 },
  { id: 'names', status: 'skipped', blockedBy: 'containers-running', maxScore: 5 },
  { id: 'published', maxScore: 4 },
  { id: 'answers', status: 'skipped', blockedBy: 'published', maxScore: 3 },
  { id: 'withheld', status: 'skipped', withheld: true, maxScore: 0 },
  { id: 'unknown', status: 'error', maxScore: 2 },
]).labs[0]!;
const cause = { says: 'app ended' };
const running = { ...lab.topology, containers: [{ name: 'a', image: 'a', state: 'exited', networks: [], ports: [] }] };

function inShort(of: typeof lab): [string, number, string[]][] {
  return lossesOf(of).map(({ reason, criterion, points, follows }) => [
    criterion?.id ?? reason,
    points,
    follows.map(({ id }) => id),
  ]);
}

test('what is blocked is lost through the rule that blocks it', () => {
  expect(inShort(lab)).toEqual([
    ['containers-running', 11, ['names']],
    ['published', 7, ['answers']],
  ]);
});

test('what follows from the cause is one loss', () => {
  const graded = { ...lab, status: 'graded' as const, cause };
  expect(inShort({ ...graded, topology: running })).toEqual([
    ['cause', 11, ['containers-running', 'names']],
    ['published', 7, ['answers']],
  ]);
  expect(inShort(graded)).toEqual([['cause', 18, ['containers-running', 'names', 'published', 'answers']]]);
});

test('rules that block each other are lost once', () => {
  const [one, two] = ['a', 'b'].map((id, i) => ({ id, status: 'skipped' as const, blockedBy: 'ba'[i]! }));
  const points = lossesOf(recordWith([one!, two!]).labs[0]!).map((each) => each.points);
  expect(points.reduce((sum, each) => sum + each, 0)).toBe(20);
});

test('all losses together are what a lab lacks, but for what is not the student’s fault', () => {
  fc.assert(
    fc.property(anyFractionalRecord, (record) => {
      for (const each of studentView(record, new Date()).labs) {
        if (each.status === 'error' && each.criteria.length === 0) continue;
        const ofErrors = each.criteria.filter(({ status }) => status === 'error');
        const lacking =
          each.maxScore - each.score - ofErrors.reduce((sum, { maxScore, score }) => sum + maxScore - score, 0);
        const lost = lossesOf(each).reduce((sum, { points }) => sum + points, 0);
        expect(lost).toBeCloseTo(lacking, 6);
      }
    }),
    RUNS,
  );
});
