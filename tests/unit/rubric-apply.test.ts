import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { CriterionRecord, StudentRecord } from '../../helpers/report/record.ts';
import { misfitOf, scoreLab, scoreRecord } from '../../helpers/report/rubric/apply.ts';
import { changesCsv, changesOf, classSummary } from '../../helpers/report/rubric/changes.ts';
import { percentOff } from '../../helpers/report/rubric/late.ts';
import { parseHandedIn } from '../../helpers/report/rubric/handed-in.ts';
import { parseRubric } from '../../helpers/report/rubric/parse.ts';
import { catalogueRubric, type Rubric } from '../../helpers/report/rubric/rubric.ts';
import { anyGraded, anyRubric, wholeCatalogue, type Catalogue } from '../helpers/rubrics.ts';
import { recordWith, RUNS } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';

let catalogue: Catalogue;
beforeAll(async () => {
  catalogue = await wholeCatalogue();
});

/** A rubric of all labs takes long to draw. */
const DRAWN = ['nginx-flask-mongo', 'none-network', 'expose-vs-publish'];

/** Holds for any record and any two rubrics. */
function always(check: (record: StudentRecord, rubric: Rubric, other: Rubric) => void): void {
  const some = new Map([...catalogue].filter(([name]) => DRAWN.includes(name)));
  fc.assert(fc.property(anyGraded(some), anyRubric(some), anyRubric(some), check), RUNS);
}

describe('scoring by a rubric', () => {
  test('leaves a record of its kind, whose sums agree to the hundredth', () => {
    always((record, rubric) => {
      const scored = scoreRecord(record, rubric);
      expect(schemaErrors(scored)).toEqual([]);
      const cents = (points: number): number => Math.round(points * 100);
      for (const points of [scored, ...scored.labs, ...scored.labs.flatMap(({ criteria }) => criteria)]) {
        expect([points.score, points.maxScore]).toEqual([cents(points.score) / 100, cents(points.maxScore) / 100]);
        expect(points.score).toBeLessThanOrEqual(points.maxScore);
      }
      const sum = (parts: { score: number }[]): number => parts.reduce((all, { score }) => all + cents(score), 0);
      expect(cents(scored.score)).toBe(sum(scored.labs));
      for (const lab of scored.labs) expect(cents(lab.score)).toBe(sum(lab.criteria));
    });
  });

  test('gives every lab 100 points, less what this kind of host does not allow to be judged', () => {
    always((record, rubric) => {
      for (const { lab, maxScore, criteria, message = '' } of scoreRecord(record, rubric).labs) {
        const points = rubric.labs.get(lab)!.criteria;
        const withheld = criteria.filter((each) => each.withheld).map(({ id }) => points.get(id)!.points);
        expect(maxScore).toBeCloseTo(100 - withheld.reduce((sum, each) => sum + each, 0), 6);
        expect(criteria.filter((each) => each.withheld && each.maxScore > 0)).toEqual([]);
        const said = /not counted \(([\d.]+) points\)/.exec(message)?.[1];
        expect(Number(said ?? 0)).toBeCloseTo(100 - maxScore, 6);
      }
    });
  });

  test('twice by the same rubric is once', () => {
    always((record, rubric) => {
      const once = scoreRecord(record, rubric);
      expect(JSON.stringify(scoreRecord(once, rubric))).toBe(JSON.stringify(once));
    });
  });

  test('by the first rubric again restores the first record, letter by letter', () => {
    always((record, rubric, other) => {
      const own = catalogueRubric(catalogue.values());
      expect(JSON.stringify(scoreRecord(scoreRecord(record, rubric), own))).toBe(JSON.stringify(record));
      const first = scoreRecord(record, rubric);
      expect(JSON.stringify(scoreRecord(scoreRecord(first, other), rubric))).toBe(JSON.stringify(first));
    });
  });

  test('changes nothing of what was seen', () => {
    always((record, rubric) => {
      const seen = ({ labs }: StudentRecord) =>
        labs.map(({ status, criteria }) => [
          status,
          criteria.map((each) => [each.id, each.status, each.expected, each.actual, each.evidence, each.blockedBy]),
        ]);
      expect(seen(scoreRecord(record, rubric))).toEqual(seen(record));
    });
  });

  test('says who gains and loses: nobody by the same rubric, and the other way round on the way back', () => {
    always((record, rubric, other) => {
      const [one, two] = [scoreRecord(record, rubric), scoreRecord(record, other)];
      expect(changesOf([one], [one])).toEqual([expect.objectContaining({ effect: 'unchanged', moved: [], late: [] })]);
      const opposite = { gains: 'loses', loses: 'gains', unchanged: 'unchanged' } as const;
      expect(changesOf([two], [one])[0]?.effect).toBe(opposite[changesOf([one], [two])[0]!.effect]);
    });
  });
});

const LAB = 'none-network';

function rubricOf(text: string, list = 'student,time\n'): Rubric {
  const { rubric } = parseRubric(text, 'rubric.yaml', catalogue);
  return { ...rubric, handedIn: parseHandedIn(list, 'list.csv', [...catalogue.keys()]) };
}

function recordOfLab(statuses: Record<string, 'passed' | 'failed' | 'skipped' | 'error'>): StudentRecord {
  const ids = [...catalogueRubric(catalogue.values()).labs.get(LAB)!.criteria.keys()];
  const record = recordWith(ids.map((id) => ({ id, status: statuses[id] ?? 'passed' })));
  return { ...record, labs: record.labs.map((lab) => ({ ...lab, lab: LAB })) };
}

const DUE = 'due: 2026-12-01T12:00:00+01:00\nlate: { perDay: 10, atMost: 25, grace: 15m }\nhandedIn: list.csv\n';

test.each([
  ['in time', 'alice,2026-12-01T11:59:00+01:00', undefined, 100],
  ['within the grace', 'alice,2026-12-01T11:15:00Z', undefined, 100],
  ['a minute after it: the first day', 'alice,2026-12-01T11:16:00Z', 10, 90],
  ['a second after the second day', 'alice,2026-12-03T11:00:01Z', 25, 75],
  ['nobody knows when', 'bob,2026-12-09T00:00:00Z', undefined, 100],
])('handed in %s', (_, rows, percent, score) => {
  const scored = scoreRecord(recordOfLab({}), rubricOf(DUE, `student,time\n${rows}\n`));
  expect([scored.labs[0]?.late?.percent, scored.score]).toEqual([percent, score]);
  expect(scored.labs[0]?.due).toBe('2026-12-01T11:00:00.000Z');
});

test('a time for one lab says nothing of the others', () => {
  const list = `lab,time,student\nnetflix,2026-12-09T00:00:00Z,alice\n${LAB},2026-12-02T00:00:00Z,alice\n`;
  expect(scoreRecord(recordOfLab({}), rubricOf(DUE, list)).score).toBe(90);
  expect(scoreRecord(recordOfLab({}), rubricOf(DUE, list.replace(`${LAB},`, 'web-shop,'))).score).toBe(100);
});

test('whoever has an extension is late only after it', () => {
  const rubric = rubricOf(
    `${DUE}extensions: { alice: 2026-12-08T12:00:00+01:00 }\n`,
    'student,time\nalice,2026-12-08T11:30:00Z\n',
  );
  const [lab] = scoreRecord(recordOfLab({}), rubric).labs;
  expect([lab?.due, lab?.late?.percent, lab?.score]).toEqual(['2026-12-08T11:00:00.000Z', 10, 90]);
});

test.each([
  [0, 0],
  [-1, 0],
  [1, 3.3],
  [86_400_000, 3.3],
  [86_400_001, 6.6],
  [40 * 86_400_000, 100],
])('%d ms late are %d %%', (ms, percent) => {
  expect(percentOff(ms, { perDay: 3.3, atMost: 100, graceMs: 0, days: 0 })).toBe(percent);
});

test('hints: none, where to look, or with an explanation; only of what does not hold', () => {
  const text = `hints: full\nlabs:\n  ${LAB}:\n    criteria:\n      no-route: { hints: none }\n      loopback-only: { hints: nudge, hint: Own words. }\n      cannot-reach: { hint: Own words. }\n`;
  const failed = { 'no-route': 'failed', 'loopback-only': 'failed', 'cannot-reach': 'failed' } as const;
  const [lab] = scoreRecord(recordOfLab(failed), rubricOf(text)).labs;
  const { explanation = '' } = catalogue.get(LAB)!.criteria['cannot-reach']!;
  expect(lab?.criteria.map(({ id, hint }) => [id, hint])).toEqual([
    ['containers-running', ''],
    ['loopback-only', 'Own words.'],
    ['no-route', ''],
    ['cannot-reach', `Own words. ${explanation}`],
  ]);
});

test('a record that was graded by other rules does not fit', () => {
  const rubric = catalogueRubric(catalogue.values());
  const record = recordOfLab({});
  const [lab] = record.labs;
  const withCriteria = (criteria: CriterionRecord[]) => ({ ...record, labs: [{ ...lab!, criteria }] });
  expect(misfitOf(record, rubric)).toBeUndefined();
  expect(misfitOf({ ...record, labs: [{ ...lab!, lab: 'gone' }] }, rubric)).toContain('no lab called gone');
  expect(misfitOf(withCriteria(lab!.criteria.slice(1)), rubric)).toContain('containers-running now');
  expect(misfitOf(withCriteria([...lab!.criteria, { ...lab!.criteria[0]!, id: 'old' }]), rubric)).toContain(
    'no criterion old',
  );
  expect(misfitOf(withCriteria([...lab!.criteria, lab!.criteria[0]!]), rubric)).toContain(
    'no criterion containers-running',
  );
  expect(() => scoreLab('alice', { ...lab!, lab: 'gone' }, rubric)).toThrow('knows no lab gone');
});

test('rescored.csv names what moved, and no name in it is a formula', () => {
  const record = { ...recordOfLab({ 'no-route': 'failed' }), student: '=1+1' };
  const own = catalogueRubric(catalogue.values());
  const other = rubricOf(
    `labs:\n  ${LAB}:\n    criteria:\n      no-route: { points: 0 }\n      loopback-only: { points: 50 }\n`,
  );
  const changes = changesOf([scoreRecord(record, own)], [scoreRecord(record, other)]);
  expect(changesCsv(changes)).toBe(
    "student,before,before max,after,after max,change,moved\r\n'=1+1,80,100,100,100,20,loopback-only +20\r\n",
  );
  expect(classSummary(changes)).toBe('1 gains, 0 lose, 0 unchanged');
});
