/** A course's rubric, from grading to an appeal; what comes after grading needs no engine. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  explain,
  grade,
  labOf,
  recordOf,
  report,
  summaryIn,
  workspace,
  type Run,
  type Workspace,
} from '../helpers/grade.ts';
import { schemaErrors } from '../helpers/schema.ts';

const LAB = 'none-network';
const GRADING_MS = 120_000;
const NO_ENGINE = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
const RUBRIC = `due: 2026-12-01T12:00:00+01:00
late: { perDay: 10 }
handedIn: handed-in.csv
hints: full
labs:
  ${LAB}:
    criteria:
      containers-running: { points: 30 }
      loopback-only: { points: 17.5 }
      no-route: { points: 22.5, visibility: hidden }
`;
const OTHER = `hints: none\nlabs:\n  ${LAB}:\n    criteria:\n      loopback-only: { points: 10 }\n      no-route: { points: 40 }\n`;
/** alice's container is on a bridge network instead of none. */
const WRONG = 'docker run -d --name isolated alpine sleep 600\n';

let place: Workspace;
let course: string;
let graded: Run;

beforeAll(async () => {
  place = workspace();
  course = path.join(place.submissions, '../course');
  mkdirSync(course, { recursive: true });
  writeFileSync(path.join(course, 'rubric.yaml'), RUBRIC);
  writeFileSync(path.join(course, 'other.txt'), OTHER);
  writeFileSync(
    path.join(course, 'handed-in.csv'),
    'student,time\nbob,2026-12-01T11:00:01Z\nalice,2026-11-30T00:00:00Z\n',
  );
  cpSync(`submissions/example-good/${LAB}`, path.join(place.submissions, 'bob', LAB), { recursive: true });
  mkdirSync(path.join(place.submissions, 'alice', LAB), { recursive: true });
  writeFileSync(path.join(place.submissions, 'alice', LAB, 'run.sh'), WRONG);
  // What a student says about points is nothing.
  writeFileSync(path.join(place.submissions, 'alice', LAB, 'rubric.yaml'), 'hints: none\n');
  graded = await grade(['--labs', course, '--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
}, GRADING_MS);

afterAll(() => {
  place[Symbol.dispose]();
});

describe('a graded record', () => {
  test('comes of a run that shows the rubric’s points as it goes', () => {
    expect([graded.exitCode, graded.stderr]).toEqual([0, expect.stringContaining(`bob  ${LAB}  90/100`)]);
  });

  test('has the rubric’s points, less what is taken off for being late', () => {
    const bob = recordOf(place.out, 'bob');
    expect(schemaErrors(bob)).toEqual([]);
    expect([bob.score, bob.labs[0]?.late]).toEqual([90, { handedIn: '2026-12-01T11:00:01.000Z', percent: 10 }]);
    expect(bob.labs[0]?.criteria.map(({ score, maxScore }) => [score, maxScore])).toEqual([
      [27, 30],
      [15.75, 17.5],
      [20.25, 22.5],
      [27, 30],
    ]);
    expect(bob.rubric).toMatchObject({ file: 'rubric.yaml', handedIn: { file: 'handed-in.csv' } });
    expect(readFileSync(path.join(place.out, 'gradebook.csv'), 'utf8')).toBe(
      `\ufeffstudent,${LAB},total,max\r\nalice,30,30,100\r\nbob,90,90,100\r\n`,
    );
  });

  test('has hints with explanations, and says what is hidden', () => {
    const lab = labOf(place.out, 'alice', LAB);
    const criterion = (id: string) => lab.criteria.find((each) => each.id === id);
    expect(criterion('loopback-only')?.hint).toContain('Docker makes a sandbox and puts nothing into it but loopback.');
    expect(criterion('no-route')?.visibility).toBe('hidden');
  });
});

test(
  'rescoring needs no engine, says who gains and loses, and back again is as before',
  async () => {
    const other = path.join(course, 'other.txt');
    const courseRubric = path.join(course, 'rubric.yaml');
    const before = ['alice', 'bob'].map((student) => readFileSync(path.join(place.out, `${student}.json`), 'utf8'));
    const elsewhere = path.join(place.out, '../rescored');
    const there = await report([place.out, '--rubric', other, '--out', elsewhere], NO_ENGINE);
    expect([there.exitCode, there.stdout]).toEqual([0, expect.stringContaining('1 gains, 1 loses, 0 unchanged')]);
    expect(there.stdout).toMatch(/alice {2}30\/100 -> 20\/100 {2}\(-10\) {2}containers-running -10\n/);
    expect(readFileSync(path.join(elsewhere, 'rescored.csv'), 'utf8')).toContain(
      'bob,90,100,100,100,10,"none-network late 10 % -> 0 %,',
    );
    expect(recordOf(elsewhere, 'alice').labs[0]?.criteria.map(({ hint }) => hint)).toEqual(['', '', '', '']);
    expect(summaryIn(elsewhere)).toMatchObject({ complete: true });
    const back = await report([elsewhere, '--rubric', courseRubric, '--min-score', '50'], NO_ENGINE);
    expect([back.exitCode, back.stdout]).toEqual([1, expect.stringContaining('1 gains, 1 loses, 0 unchanged')]);
    expect(['alice', 'bob'].map((student) => readFileSync(path.join(elsewhere, `${student}.json`), 'utf8'))).toEqual(
      before,
    );
    const again = await report([elsewhere, '--rubric', courseRubric], NO_ENGINE);
    expect(again.stdout).toContain('0 gain, 0 lose, 2 unchanged');
  },
  GRADING_MS,
);

test(
  'what an earlier run could not complete is completed by the present rubric, as is what is kept of it',
  async () => {
    const out = path.join(place.out, '../unfinished');
    cpSync(place.out, out, { recursive: true });
    // As after a run that was ended before bob's turn.
    const summary = summaryIn(out);
    const students = summary.students.filter(({ student }) => student === 'alice');
    writeFileSync(path.join(out, 'summary.json'), JSON.stringify({ ...summary, complete: false, students }));
    const other = path.join(course, 'other.txt');
    const run = await grade(['--submissions', place.submissions, '--rubric', other, '--out', out, '--lab', LAB]);
    expect([run.exitCode, run.stderr]).toEqual([
      0,
      expect.stringContaining('all 2 labs are unchanged since graded, and kept'),
    ]);
    expect(['alice', 'bob'].map((student) => recordOf(out, student).score)).toEqual([20, 100]);
  },
  GRADING_MS,
);

test(
  'a verdict can be explained without an engine',
  async () => {
    const { exitCode, stdout } = await explain(['alice', 'loopback-only', '--out', place.out], NO_ENGINE);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('✗ failed  0 of 17.5, points by rubric.yaml');
    for (const { what, output } of labOf(place.out, 'alice', LAB).criteria[1]!.evidence) {
      expect(stdout).toContain(`$ ${what}`);
      expect(stdout).toContain(output.trim().split('\n').at(-1));
    }
    expect(stdout).toContain('container isolated: running, image alpine');
    expect(stdout).toContain('Docker Engine 28.5');
  },
  GRADING_MS,
);

test.each([
  [['alise', 'no-route'], /no record of "alise".*did you mean alice\?/],
  [['alice', 'no-rout'], /no verdict on "no-rout".*did you mean no-route\?/],
  [['alice', 'no-route', '--lab', 'sandbox'], /the record has no lab "sandbox"; there are none-network/],
  [['alice'], /name one student and one criterion/],
])(
  'explain %j is refused with exit 2 and what there is',
  async (args, reason) => {
    const { exitCode, stderr } = await explain([...args, '--out', place.out], NO_ENGINE);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(reason)]);
  },
  GRADING_MS,
);

test(
  'a rubric that does not add up is refused before anything is graded',
  async () => {
    const wrong = path.join(course, 'wrong.txt');
    writeFileSync(wrong, OTHER.replace('40', '41'));
    const { exitCode, stderr } = await grade(
      ['--submissions', place.submissions, '--rubric', wrong, '--out', place.out],
      NO_ENGINE,
    );
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/wrong\.txt, line 4: the points of none-network sum to 101,/),
    ]);
  },
  GRADING_MS,
);
