import { describe, expect, test } from '@jest/globals';
import { definition } from '../../specs/default-bridge.lab.ts';
import { explained } from '../../helpers/report/criterion-text.ts';
import { commentOn } from '../../helpers/report/formats/markdown.ts';
import { gradebook } from '../../helpers/report/gradebook.ts';
import { failedLab, gradedLab, studentRecord, ungradedLab } from '../../helpers/report/recording.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { inert, studentText } from '../../helpers/report/terminal.ts';
import type { Verdict } from '../../helpers/lab/verdict.ts';
import { NOTHING } from '../../helpers/survey/nothing.ts';
import { maxScoreOf } from '../../helpers/lab/lab-definition.ts';
import { ENGINE, recordWith } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';

const missing = ungradedLab(definition, 'missing', 'not handed in');
const failed = failedLab(definition, 'the engine died', 1200);
const OF = { startedAt: '2026-09-01T10:20:30.456Z', engine: ENGINE };

test('a lab sums to 100', () => {
  expect(maxScoreOf(definition)).toBe(100);
});

test.each([
  ['missing', missing],
  ['error', failed],
])('a record with a lab that is %s obeys the schema', (_, lab) => {
  expect(schemaErrors(studentRecord('alice', [lab], OF))).toEqual([]);
});

test('a record with a stray key does not', () => {
  expect(schemaErrors({ ...studentRecord('alice', [], OF), grade: 'A' })).not.toEqual([]);
});

describe('what a kind of host does not allow to be judged', () => {
  const [withheldId = '', ...otherIds] = Object.keys(definition.criteria);
  const passed = { expected: '', actual: 'seen', evidence: [], durationMs: 0, basedOn: [] };
  const verdicts: Verdict[] = [
    { ...passed, id: withheldId, status: 'skipped', actual: 'it would disturb what runs', withheld: true },
    ...otherIds.map((id) => ({ ...passed, id, status: 'passed' as const })),
  ];
  const lab = gradedLab(definition, verdicts, NOTHING, 1);
  const record = studentRecord('alice', [lab], {
    ...OF,
    engine: { ...ENGINE, host: 'local', live: true, limits: ['some'] },
  });

  test('does not count: the score is out of fewer points, and the lab says so', () => {
    const { points } = definition.criteria['containers-running'];
    expect([lab.status, lab.score, lab.maxScore]).toEqual(['graded', 100 - points, 100 - points]);
    expect(lab.message).toContain(`not counted (${points} points): ${withheldId}`);
    expect(schemaErrors(record)).toEqual([]);
  });

  test('stands in the terminal with the reason, and on what kind of host it was', () => {
    const text = studentText(record, { colours: false });
    expect(text).toContain('not judged: it would disturb what runs\n');
    expect(text).toContain('--host local --live, Engine 28.5.2; “outside” is another machine');
  });
});

test.each<[string, (record: StudentRecord) => string]>([
  ['the terminal', (record) => studentText(record, { colours: false })],
  ['Markdown', (record) => commentOn(record)],
  ['plain text', (record) => explained(record.labs[0]!.criteria[0]!, record.labs[0]!, 500)],
])('in %s a sentence is not shown as a command', (_, text) => {
  const command = { what: 'docker port mongo', output: 'none' };
  const sentence = { what: 'the way of a request', output: 'none', described: true as const };
  const shown = [[command], [sentence]].map((evidence) => text(recordWith([{ evidence }])));
  expect(shown[0]).toContain('$ docker port mongo');
  expect(shown[1]).toMatch(/(^|[^$] )the way of a request:/m);
});

describe('gradebook.csv', () => {
  test('has a row per student and a column per lab; states stand where no points were earned; a spreadsheet reads it as UTF-8', () => {
    const records = [studentRecord('alice', [missing], OF), studentRecord('bob', [failed], OF)];
    expect(gradebook(records, [definition.name])).toBe(
      `\ufeffstudent,${definition.name},total,max\r\nalice,missing,0,100\r\nbob,error,,100\r\n`,
    );
  });
});

describe('the terminal', () => {
  test('a student’s text cannot steer it', () => {
    expect(inert('a\u001b[31mb\u0007\u202ec\nd\te')).toBe('a␛[31mb··c\nd\te');
  });

  test('without colours there are no escapes at all', () => {
    const record = studentRecord('al\u001b[2Jice', [missing, failed], OF);
    // eslint-disable-next-line no-control-regex -- the escape character is what must not be there
    expect(studentText(record, { colours: false })).not.toMatch(/\u001b/);
  });
});
