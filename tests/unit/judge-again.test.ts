/** What a record keeps when its surveys are judged again. */
import { expect, test } from '@jest/globals';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import type { Verdict } from '../../helpers/lab/verdict.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { failedLab, gradedLab, studentRecord } from '../../helpers/report/recording.ts';
import { judgeAgain, type Surveys } from '../../helpers/run/judge-again.ts';
import { ofLastTry } from '../../helpers/run/record-stage.ts';
import type { Survey } from '../../helpers/survey/facts.ts';
import { NO_ENGINE, NOTHING } from '../../helpers/survey/nothing.ts';
import { definition } from '../../specs/none-network.lab.ts';
import { verdict } from '../helpers/watched.ts';

const lab: GradableLab = { ...definition, spec: 'none-network.spec.ts' };
const labs = new Map([[lab.name, lab]]);
const ids = Object.keys(lab.criteria);
const survey: Survey = {
  ...NOTHING,
  policy: {
    denied: [{ request: 'POST /containers/create', what: 'a', sentence: 'a is not allowed.' }],
    deniedInAll: 1,
    looks: 3,
    calls: [],
  },
  usedUp: [{ what: 'memory', bound: '2 GiB' }],
};
const kept: Surveys = () => Promise.resolve(survey);

function judgeWith(verdicts: Verdict[]): { judge: () => Promise<Verdict[]> } {
  return { judge: () => Promise.resolve(verdicts) };
}

function recordOf(labRecord: StudentRecord['labs'][number]): StudentRecord {
  return studentRecord('alice', [labRecord], { startedAt: new Date(0).toISOString(), engine: NO_ENGINE });
}

const passed = ids.map((id) => verdict(id, 'passed'));
const failed = ids.map((id) => verdict(id, 'failed'));
const timed = { ...survey, timings: { boot: 7 } };

test('what was measured and found stays: times, what was denied and used up, what copies are found by, the tries', async () => {
  const fingerprint = { own: ['x'] } as unknown as NonNullable<StudentRecord['labs'][number]['fingerprint']>;
  const before = ofLastTry({ ...gradedLab(lab, failed, timed, 99), fingerprint }, ['the machine was lost']);
  const { record, judged, notJudged } = await judgeAgain(judgeWith(passed), recordOf(before), labs, kept);
  expect([judged, notJudged]).toEqual([1, []]);
  expect(record.labs[0]).toEqual(
    ofLastTry({ ...gradedLab(lab, passed, timed, 99), fingerprint }, ['the machine was lost']),
  );
  expect(record.labs[0]?.message).toMatch(/a is not allowed.*graded at the second try: the machine was lost/);
});

test('that it took several tries stays, too, where the last one could not judge everything', async () => {
  const inconclusive = ids.map((id) => verdict(id, 'error'));
  const before = recordOf(ofLastTry(gradedLab(lab, inconclusive, timed, 99), ['the machine was lost']));
  expect(before.labs[0]?.message).toMatch(/tried at the second try: the machine was lost/);
  expect((await judgeAgain(judgeWith(inconclusive), before, labs, kept)).record).toEqual(before);
  const { record } = await judgeAgain(judgeWith(passed), before, labs, kept);
  expect(record.labs[0]?.message).toMatch(/graded at the second try: the machine was lost/);
});

test('what the present rules cannot judge replaces no finished result, and why is said', async () => {
  const before = recordOf(gradedLab(lab, passed, timed, 99));
  const inconclusive = ids.map((id) => verdict(id, 'error'));
  const { record, judged, notJudged } = await judgeAgain(judgeWith(inconclusive), before, labs, kept);
  expect([record, judged]).toEqual([before, 0]);
  expect(notJudged).toEqual([
    { student: 'alice', lab: lab.name, why: expect.stringMatching(/^could not be judged: .*it keeps/), failed: true },
  ]);
});

test('what ended as before is the same record', async () => {
  const before = recordOf(gradedLab(lab, failed, timed, 99));
  const slower = failed.map((each) => ({ ...each, durationMs: 1234 }));
  expect((await judgeAgain(judgeWith(slower), before, labs, kept)).record).toEqual(before);
});

test('a lab that was surveyed, but whose judge was lost, is judged now', async () => {
  const before = recordOf(failedLab(lab, 'the judge process was lost', 12));
  const { record, judged } = await judgeAgain(judgeWith(passed), before, labs, kept);
  expect([record.labs[0]?.status, judged]).toEqual(['graded', 1]);
});

test('a lab of which no survey is kept stays as it is, and why is said', async () => {
  const before = recordOf(failedLab(lab, 'the engine was gone', 12));
  const none: Surveys = () => Promise.resolve(undefined);
  const { record, judged, notJudged } = await judgeAgain(judgeWith(passed), before, labs, none);
  expect([record, judged]).toEqual([before, 0]);
  expect(notJudged).toEqual([{ student: 'alice', lab: lab.name, why: 'the engine was gone' }]);
});

test('a lab that is not asked for stays as it is, and is not mentioned', async () => {
  const before = recordOf(gradedLab(lab, failed, timed, 99));
  expect(await judgeAgain(judgeWith(passed), before, new Map(), kept)).toEqual({
    record: before,
    judged: 0,
    notJudged: [],
  });
});
