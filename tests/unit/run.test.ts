/** What a run grades, what it keeps, and what it makes of an end in the middle. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LabGrader, RunPlan } from '../../helpers/run/run.ts';
import { ungradedLab } from '../../helpers/report/recording.ts';
import { Broken, Grader, LAB, NAMES, StandInClass } from '../helpers/stand-in-class.ts';

let course: StandInClass;
beforeEach(() => {
  course = new StandInClass();
});
afterEach(() => {
  course[Symbol.dispose]();
});

test('at its end, the class’s files have everybody', async () => {
  expect(await course.gradedBy()).toEqual(NAMES);
  expect([course.summary.complete, course.summary.students.length]).toEqual([true, 4]);
  expect(course.gradebook).toHaveLength(5);
});

test('what is unchanged is not graded again, unless that is asked for', async () => {
  await course.gradedBy();
  const before = readFileSync(path.join(course.plan.out, 'alice.json'), 'utf8');
  expect(await course.gradedBy()).toEqual([]);
  expect([course.kept, readFileSync(path.join(course.plan.out, 'alice.json'), 'utf8')]).toEqual([4, before]);
  expect(await course.gradedBy({ again: true })).toEqual(NAMES);
});

test.each<[string, Partial<RunPlan>]>([
  ['the rules', { program: 'the second' }],
  ['the kind of machine', { on: 'another' }],
])('all are graded again when %s changed', async (_, changes) => {
  await course.gradedBy();
  expect(await course.gradedBy(changes)).toEqual(NAMES);
});

test('all are graded again when the engine of a machine in use is another one', async () => {
  const on = (engine: string): Grader => Object.assign(new Grader(), { engine });
  await course.run(on('28.5'));
  const [same, other] = [on('28.5'), on('29.0')];
  await course.run(same);
  await course.run(other);
  expect([same.graded, other.graded]).toEqual([[], NAMES]);
});

test('a lab that is missing as before leaves the record as it was', async () => {
  const record = ungradedLab(LAB, 'missing', 'it was not handed in');
  const grader = Object.assign(new Grader(), { grade: () => Promise.resolve({ record }) }) as LabGrader;
  const students = course.plan.students.map((student) => ({ ...student, labs: new Map<string, string>() }));
  await course.run(grader, { students });
  const before = course.recordOf('alice');
  await course.run(grader, { students });
  expect([course.recordOf('alice'), course.notes]).toEqual([before, []]);
});

test('whoever has handed in something else since is graded again', async () => {
  await course.gradedBy();
  writeFileSync(path.join(course.root, 'submissions/bob/run.sh'), 'better');
  expect(await course.gradedBy()).toEqual(['bob']);
});

test('what runs on a live host is graded again each time: it may have changed', async () => {
  await course.gradedBy();
  const grader = Object.assign(new Grader(), { live: true });
  await course.run(grader);
  expect(grader.graded).toEqual(NAMES);
});

test('what a killed run has graded is kept', async () => {
  await course.killedAfter(2);
  expect([course.summary.complete, await course.gradedBy()]).toEqual([false, ['carol', 'dora']]);
  expect([course.summary.complete, course.summary.students.length]).toEqual([true, 4]);
});

test('a run that is ended gives up what it is grading, and keeps all that was finished before', async () => {
  await course.gradedBy();
  const before = course.labsOf('carol');
  const stopping = new AbortController();
  const grader = new Grader(2);
  const ended = course.run(grader, { again: true, stopping: stopping.signal });
  await grader.held;
  stopping.abort();
  const { records, all, graded, asked } = await ended;
  expect([graded, asked, all.length]).toEqual([2, 4, 4]);
  expect(records.map(({ labs }) => labs.length)).toEqual([1, 1, 0, 0]);
  expect(course.labsOf('carol')).toEqual(before);
  expect([course.gradebook.length, course.summary.complete, course.summary.students.length]).toEqual([5, false, 4]);
});

test('what cannot be graded now replaces nothing that was graded, and that is said', async () => {
  await course.gradedBy();
  const before = course.labsOf('alice');
  const { records } = await course.run(new Broken(), { again: true });
  expect(records[0]?.labs[0]?.status).toBe('error');
  expect([course.labsOf('alice'), course.notes[0]]).toEqual([
    before,
    'alice  none-network: it could not be graded now; the result of an earlier run stays',
  ]);
  expect(course.summary).toMatchObject({
    complete: false,
    students: { length: 4, 0: { labs: [{ status: 'invalid' }] } },
  });
});

test('what is not handed in any more replaces nothing that was', async () => {
  await course.gradedBy();
  const before = course.labsOf('alice');
  const record = ungradedLab(LAB, 'missing', 'it was not handed in');
  const grader = Object.assign(new Grader(), { grade: () => Promise.resolve({ record }) });
  const students = course.plan.students.map((student) => ({ ...student, labs: new Map<string, string>() }));
  await course.run(grader, { students });
  expect([course.labsOf('alice'), course.notes.length]).toEqual([before, 4]);
});

test('a group’s work is graded once, and each member has it in a record of their own', async () => {
  const [alice, bob, ...others] = course.plan.students;
  const team = { ...alice!, name: 'team-1', members: ['alice', 'bob'] };
  const rubric = { ...course.plan.rubric, groups: new Map([['team-1', ['alice', 'bob']]]) };
  const grader = new Grader();
  const { records, asked, graded } = await course.run(grader, { students: [team, ...others], rubric });
  expect(bob!.name).toBe('bob');
  expect(grader.graded).toEqual(['team-1', 'carol', 'dora']);
  expect(records.map(({ student }) => student)).toEqual(NAMES);
  expect([asked, graded]).toEqual([4, 4]);
  expect(['alice', 'bob', 'carol'].map((name) => course.labsOf(name)[0]?.group)).toEqual([
    'team-1',
    'team-1',
    undefined,
  ]);
  expect(course.gradebook).toHaveLength(5);
  const again = new Grader();
  await course.run(again, { students: [team, ...others], rubric });
  expect(again.graded).toEqual([]);
});

test('an attempt that does not count is not graded again, and the best one stays', async () => {
  const rubric = { ...course.plan.rubric, attempts: 'best' as const };
  await course.gradedBy({ rubric });
  writeFileSync(path.join(course.root, 'submissions/alice/run.sh'), 'something else');
  expect(await course.gradedBy({ rubric })).toEqual(['alice']);
  expect(course.labsOf('alice')[0]?.attempts?.map(({ counts }) => counts)).toEqual([undefined, true]);
  expect(await course.gradedBy({ rubric })).toEqual([]);
});
