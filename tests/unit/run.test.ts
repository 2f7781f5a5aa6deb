/** A run over students, graded by a stand-in: what it writes, and what the next run makes of it. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { definition } from '../../specs/none-network.lab.ts';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import { gradeAll, type LabGrader, type Progress, type RunPlan } from '../../helpers/run/run.ts';
import { ReportFolder } from '../../helpers/report/files.ts';
import type { Summary } from '../../helpers/report/summary.ts';
import { failedLab, ungradedLab } from '../../helpers/report/recording.ts';
import { catalogueRubric } from '../../helpers/report/rubric/rubric.ts';
import { LIMITS } from '../../helpers/submission/contents.ts';

const LAB = { ...definition, machines: 1 } as unknown as GradableLab;
const SILENT: Progress = { started: () => undefined, finished: () => undefined, kept: () => undefined };

let root: string;
let plan: RunPlan;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-run-'));
  const names = ['alice', 'bob', 'carol', 'dora'];
  const students = names.map((name) => {
    const folder = path.join(root, 'submissions', name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'run.sh'), name);
    return { name, labs: new Map([[LAB.name, folder]]), unknown: [] };
  });
  plan = { students, labs: [LAB], rubric: catalogueRubric([LAB]), out: path.join(root, 'reports'), on: 'a test' };
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Grades at once, and notes whom. */
class Grader implements LabGrader {
  readonly live = false;
  readonly jobs = 1;
  readonly graded: string[] = [];
  readonly #ends: number;
  #killed!: () => void;
  /** When it has begun with one that it will never end. */
  readonly killed = new Promise<void>((resolve) => {
    this.#killed = resolve;
  });

  constructor(ends = Infinity) {
    this.#ends = ends;
  }

  grade({ student }: { student: { name: string } }) {
    if (this.graded.length === this.#ends) {
      this.#killed();
      return new Promise<never>(() => undefined);
    }
    this.graded.push(student.name);
    return Promise.resolve({ record: ungradedLab(LAB, 'invalid', `it is ${student.name}'s`) });
  }
}

function summary(): Summary {
  return JSON.parse(readFileSync(path.join(plan.out, 'summary.json'), 'utf8')) as Summary;
}

/** A run that is killed after so many students, before its summary has any of them. */
async function killedAfter(students: number): Promise<void> {
  const grader = new Grader(students);
  void gradeAll(plan, grader, SILENT);
  await grader.killed;
  const known = summary();
  writeFileSync(path.join(plan.out, 'summary.json'), JSON.stringify({ ...known, students: [] }));
}

async function gradedByTheNext(): Promise<string[]> {
  const grader = new Grader();
  const records = await gradeAll(plan, grader, SILENT);
  expect(records.map(({ student }) => student)).toEqual(plan.students.map(({ name }) => name));
  return grader.graded;
}

test('at its end, the class’s files have everybody', async () => {
  expect(await gradedByTheNext()).toEqual(['alice', 'bob', 'carol', 'dora']);
  expect([summary().complete, summary().students.length]).toEqual([true, 4]);
  expect(readFileSync(path.join(plan.out, 'gradebook.csv'), 'utf8').trim().split('\n')).toHaveLength(5);
});

test('what a killed run has recorded is kept, even if its summary does not have it yet', async () => {
  await killedAfter(2);
  expect(await gradedByTheNext()).toEqual(['carol', 'dora']);
  expect([summary().complete, summary().students.length]).toEqual([true, 4]);
});

test('a run that is killed before it has graded anybody keeps what the one before it had', async () => {
  await killedAfter(2);
  const second = new Grader(0);
  void gradeAll(plan, second, SILENT);
  await second.killed;
  expect(await gradedByTheNext()).toEqual(['carol', 'dora']);
});

test('whoever has handed in something else since is graded again', async () => {
  await killedAfter(2);
  writeFileSync(path.join(root, 'submissions/bob/run.sh'), 'better');
  expect(await gradedByTheNext()).toEqual(['bob', 'carol', 'dora']);
});

test('a record of some earlier run does not count for one that was killed', async () => {
  await gradedByTheNext();
  await killedAfter(1);
  expect(await gradedByTheNext()).toEqual(['bob', 'carol', 'dora']);
});

test('a submission that is too large is invalid, wherever it would be graded', async () => {
  truncateSync(path.join(root, 'submissions/carol/run.sh'), LIMITS.bytes + 1);
  expect(await gradedByTheNext()).toEqual(['alice', 'bob', 'dora']);
  const record = await new ReportFolder(plan.out).lastRecord('carol');
  expect(record?.labs[0]).toMatchObject({
    status: 'invalid',
    score: 0,
    message: expect.stringContaining('the submission is too large'),
  });
  expect(summary().complete).toBe(true);
});

test('the class is written some times for many students, and not with every one of them', async () => {
  const [one] = plan.students;
  const students = Array.from({ length: 300 }, (_, i) => ({ ...one!, name: `student-${i}` }));
  const written = jest.spyOn(ReportFolder.prototype, 'writeClass').mockImplementation(async function (
    this: ReportFolder,
    records,
    _,
    run,
  ) {
    // As long as 20 records take: that is how it is when there are thousands.
    for (let i = 0; i < 20; i++) await this.write(`slow-${i}`, '');
    await this.writeSummary(records, run);
  });
  try {
    await gradeAll({ ...plan, students }, new Grader(), SILENT);
    expect(written.mock.calls.length).toBeLessThan(150);
  } finally {
    written.mockRestore();
  }
  expect(summary().students).toHaveLength(300);
});

test('what could not be graded leaves the run incomplete', async () => {
  const grader = new Grader();
  grader.grade = () => Promise.resolve({ record: failedLab(LAB, 'the engine died', 1) });
  await gradeAll(plan, grader, SILENT);
  expect(summary().complete).toBe(false);
  expect(await gradedByTheNext()).toHaveLength(4);
});

test('a file that a killed run had not finished is removed; one that somebody is writing is not', async () => {
  mkdirSync(plan.out, { recursive: true });
  const files = { dead: 'alice.json.4194305-1.tmp', alive: `bob.json.${process.ppid}-1.tmp`, other: 'notes.tmp' };
  for (const file of Object.values(files)) writeFileSync(path.join(plan.out, file), '{');
  await gradedByTheNext();
  const left = readdirSync(plan.out).filter((name) => name.endsWith('.tmp'));
  expect(left.sort()).toEqual([files.alive, files.other].sort());
});

test('a record that cannot be written ends the run and says which; no half of it stays', async () => {
  mkdirSync(path.join(plan.out, 'bob.json'), { recursive: true });
  await expect(gradeAll(plan, new Grader(), SILENT)).rejects.toThrow(
    /bob\.json could not be written: .*Records written before are kept; solve this and run the same command again/,
  );
  expect(readdirSync(plan.out).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  expect(await new ReportFolder(plan.out).lastRecord('alice')).toMatchObject({ student: 'alice' });
});
