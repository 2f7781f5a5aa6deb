/** The class's book: what runs into one folder make of each other's results, and of files that are no records. */
import { mkdirSync, readdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { RunPlan } from '../../helpers/run/run.ts';
import { ReportFolder } from '../../helpers/report/files.ts';
import type { LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import { ungradedLab } from '../../helpers/report/recording.ts';
import { LIMITS } from '../../helpers/submission/contents.ts';
import { recordWith } from '../helpers/records.ts';
import { Broken, Grader, LAB, NAMES, OTHER, StandInClass } from '../helpers/stand-in-class.ts';

let course: StandInClass;
beforeEach(() => {
  course = new StandInClass();
});
afterEach(() => {
  course[Symbol.dispose]();
});

test('one student leaves the others as they are; the class’s files have all', async () => {
  await course.gradedBy();
  const others = ['alice', 'carol', 'dora'].map((student) =>
    readFileSync(path.join(course.plan.out, `${student}.json`)),
  );
  expect(await course.gradedBy({ students: [course.plan.students[1]!], again: true })).toEqual(['bob']);
  expect(
    ['alice', 'carol', 'dora'].map((student) => readFileSync(path.join(course.plan.out, `${student}.json`))),
  ).toEqual(others);
  expect([course.gradebook.length, course.summary.complete, course.summary.students.length]).toEqual([5, true, 4]);
});

test('one lab leaves the others as they are, in the catalogue’s order', async () => {
  await course.gradedBy();
  const [before] = course.labsOf('alice');
  expect(await course.gradedBy({ labs: [OTHER], program: 'the second' })).toEqual(NAMES);
  const [first, second] = course.labsOf('alice');
  expect([first?.lab, second]).toEqual(['default-bridge', before]);
  expect(course.gradebook[0]).toBe('student,default-bridge,none-network,total,max');
});

test('rows are in the order of the page, in which student 2 comes before student 10', async () => {
  const [student] = course.plan.students;
  const students = ['s10', 's2', 's1'].map((name) => ({ ...student!, name }));
  const { all } = await course.run(new Grader(), { students });
  expect(all.map((record) => record.student)).toEqual(['s1', 's2', 's10']);
  expect(course.gradebook.slice(1).map((row) => row.split(',')[0])).toEqual(['s1', 's2', 's10']);
});

test('the examples are not of the class beside students’ work; their records stay', async () => {
  const example = { ...course.plan.students[0]!, name: 'example-good' };
  await course.gradedBy({ students: [example], labs: [LAB, OTHER] });
  expect(course.gradebook).toHaveLength(2);
  const before = readFileSync(path.join(course.plan.out, 'example-good.json'), 'utf8');
  await course.gradedBy();
  expect([course.gradebook.slice(0, 2), course.summary.complete]).toEqual([
    ['student,none-network,total,max', 'alice,invalid,0,100'],
    true,
  ]);
  expect(readFileSync(path.join(course.plan.out, 'example-good.json'), 'utf8')).toBe(before);
  const named = await course.run(new Grader(), { students: [example] });
  expect([named.all.length, course.gradebook.length]).toEqual([5, 5]);
});

test('a student of whom another lab is not graded yet has no total while the run goes on, nor when it is ended', async () => {
  const stopping = new AbortController();
  const grader = new Grader(3);
  const ended = course.run(grader, { labs: [OTHER, LAB], stopping: stopping.signal });
  await grader.held;
  stopping.abort();
  expect([...(await ended).pending]).toEqual(['bob', 'carol', 'dora']);
  expect(course.gradebook.slice(1)).toEqual(['alice,invalid,invalid,0,200', 'bob,invalid,,,100']);
});

test('a lab that was graded of others later takes nobody’s total away', async () => {
  await course.gradedBy();
  await course.gradedBy({ labs: [OTHER], students: [course.plan.students[0]!] });
  expect(course.gradebook.slice(1, 3)).toEqual(['alice,invalid,invalid,0,200', 'bob,,invalid,0,100']);
});

test('each lab says by which rubric it was scored, if they differ', async () => {
  const stamp = (file: string): RunPlan['rubric'] => ({
    ...course.plan.rubric,
    stamp: { file, sha256: '0123456789ab' },
  });
  await course.gradedBy({ rubric: stamp('first.yaml') });
  expect(course.recordOf('alice').rubric?.file).toBe('first.yaml');
  await course.gradedBy({ rubric: stamp('second.yaml'), labs: [OTHER] });
  const { rubric, labs } = course.recordOf('alice');
  expect([rubric, labs.map((each) => each.rubric?.file)]).toEqual([undefined, ['second.yaml', 'first.yaml']]);
});

test('that no rubric is given any more is said, also where each lab has another one', async () => {
  const stamp = (file: string): RunPlan['rubric'] => ({
    ...course.plan.rubric,
    stamp: { file, sha256: '0123456789ab' },
  });
  await course.gradedBy({ rubric: stamp('first.yaml') });
  await course.gradedBy({ rubric: stamp('second.yaml'), labs: [OTHER] });
  expect(course.notes).toEqual([]);
  await course.gradedBy({ students: [course.plan.students[0]!] });
  expect(course.notes).toEqual([
    'the records were scored by second.yaml and first.yaml; without --rubric, the labs’ own points are given',
  ]);
});

test('a submission that is too large is invalid, wherever it would be graded', async () => {
  truncateSync(path.join(course.root, 'submissions/carol/run.sh'), LIMITS.bytes + 1);
  expect(await course.gradedBy()).toEqual(['alice', 'bob', 'dora']);
  expect(course.labsOf('carol')[0]).toMatchObject({
    status: 'invalid',
    score: 0,
    message: expect.stringContaining('the submission is too large'),
  });
  expect(course.summary.complete).toBe(true);
});

test('the class is written some times for many students, and not with every one of them', async () => {
  const [one] = course.plan.students;
  const students = Array.from({ length: 300 }, (_, i) => ({ ...one!, name: `student-${i}` }));
  // As long as 20 records take: that is how it is when there are thousands.
  const written = jest.spyOn(ReportFolder.prototype, 'writeClass').mockImplementation(async function (
    this: ReportFolder,
  ) {
    for (let i = 0; i < 20; i++) await this.write(`slow-${i}`, '');
  });
  try {
    await course.run(new Grader(), { students });
    expect(written.mock.calls.length).toBeLessThan(150);
    expect(written.mock.lastCall?.[0]).toHaveLength(300);
  } finally {
    written.mockRestore();
  }
});

test('what could not be graded leaves the run incomplete', async () => {
  await course.run(new Broken());
  expect([course.summary.complete, course.labsOf('alice')[0]?.status]).toEqual([false, 'error']);
  expect(await course.gradedBy()).toHaveLength(4);
});

test.each([
  ['an older record', JSON.stringify({ ...recordWith([], 'dora'), schemaVersion: 0 }), /its schemaVersion is 0/],
  ['half a file', '{', /dora\.json cannot be read as a record/],
])('%s is kept and said; a new result does not overwrite it', async (_, text, why) => {
  mkdirSync(course.plan.out);
  writeFileSync(path.join(course.plan.out, 'dora.json'), text);
  await course.run(new Broken());
  expect(readFileSync(path.join(course.plan.out, 'dora.json'), 'utf8')).toBe(text);
  expect(course.notes[0]).toMatch(why);
  expect(course.gradebook).toHaveLength(4);
  await course.run();
  expect(readFileSync(path.join(course.plan.out, 'dora.json.kept-1'), 'utf8')).toBe(text);
  expect([course.labsOf('dora')[0]?.status, course.gradebook.length]).toEqual(['invalid', 5]);
  expect(course.notes.at(-1)).toBe(
    'dora.json, which cannot be read, is kept as dora.json.kept-1: dora has a new record',
  );
});

test('a record of the first edition is in the class’s files, and is graded again', async () => {
  mkdirSync(course.plan.out);
  const eve = { ...recordWith([{}], 'eve'), rubric: { file: 'r.yaml', sha256: '0123456789ab' } };
  writeFileSync(path.join(course.plan.out, 'eve.json'), JSON.stringify(eve));
  await course.gradedBy();
  expect([course.gradebook.length, course.inFolder('eve.json')]).toEqual([6, eve]);
});

test('a file that a killed run had not finished is removed; one that somebody is writing is not', async () => {
  mkdirSync(course.plan.out, { recursive: true });
  const files = { dead: 'alice.json.4194305-1.tmp', alive: `bob.json.${process.ppid}-1.tmp`, other: 'notes.tmp' };
  for (const file of Object.values(files)) writeFileSync(path.join(course.plan.out, file), '{');
  await course.gradedBy();
  const left = readdirSync(course.plan.out).filter((name) => name.endsWith('.tmp'));
  expect(left.sort()).toEqual([files.alive, files.other].sort());
});

test('nothing is written through a link that is in the folder', async () => {
  const elsewhere = path.join(course.root, 'elsewhere');
  mkdirSync(elsewhere);
  mkdirSync(course.plan.out, { recursive: true });
  const folder = new ReportFolder(course.plan.out);
  symlinkSync(elsewhere, path.join(course.plan.out, 'surveys'));
  await expect(folder.writeSurvey('alice', 'none-network', Buffer.from('x'))).rejects.toThrow(
    'surveys is no folder, or a link',
  );
  // Under each name that an unfinished file may have next.
  for (let i = 0; i < 100; i++)
    symlinkSync(path.join(elsewhere, `${i}`), path.join(course.plan.out, `alice.json.${process.pid}-${i}.tmp`));
  await folder.writeRecord(recordWith([{}], 'alice'));
  expect([course.inFolder('alice.json'), readdirSync(elsewhere)]).toEqual([recordWith([{}], 'alice'), []]);
});

test('a record that cannot be written ends the run and says which; no half of it stays', async () => {
  const written = jest.spyOn(ReportFolder.prototype, 'writeRecord');
  try {
    written.mockImplementationOnce(async function (this: ReportFolder, record: StudentRecord) {
      await this.write(`${record.student}.json`, JSON.stringify(record));
      mkdirSync(path.join(course.plan.out, 'bob.json'));
    });
    await expect(course.run()).rejects.toThrow(
      /bob\.json could not be written: .*Records written before are kept; solve this and run the same command again/,
    );
  } finally {
    written.mockRestore();
  }
  expect(readdirSync(course.plan.out).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect([course.labsOf('alice').length, course.gradebook.length]).toEqual([1, 2]);
});

test('when a record cannot be written, what is graded beside it is given up, and nothing is written afterwards', async () => {
  const written = jest.spyOn(ReportFolder.prototype, 'writeRecord').mockRejectedValueOnce(new Error('no space'));
  const alice = Promise.withResolvers<{ record: LabRecord }>();
  const grader = Object.assign(new Grader(), { jobs: 2 });
  const grade = grader.grade.bind(grader);
  grader.grade = async (task) => {
    const graded = await grade(task);
    return task.student.name === 'alice' ? alice.promise : graded;
  };
  try {
    await expect(course.run(grader)).rejects.toThrow('no space');
    alice.resolve({ record: ungradedLab(LAB, 'invalid', 'too late') });
    await course.run(new Grader(), { students: [course.plan.students[3]!] });
    expect(grader.graded).toEqual(['alice', 'bob']);
    expect(readdirSync(course.plan.out)).not.toContain('alice.json');
  } finally {
    written.mockRestore();
  }
});
