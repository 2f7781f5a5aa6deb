/**
 * Every attack of tests/attacks/ is graded in one run, between two honest neighbours: each comes to what it should, the
 * neighbours lose nothing, and the grading machine is as it was.
 *
 * To look at some: ATTACKS='^(privileged|docker-socket)$' node_modules/.bin/jest --selectProjects e2e …/attacks
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import { ATTACKS } from '../attacks/all.ts';
import { SECRET_VARIABLE, type Outcome } from '../attacks/attack.ts';
import { changesOf, inventoryOf, layBait, type Bait, type Inventory } from '../helpers/attacked.ts';
import {
  criteriaWith,
  grade,
  labOf,
  outputsIn,
  recordOf,
  reportsIn,
  workspace,
  type Run,
  type Workspace,
} from '../helpers/grade.ts';
import { obeyed } from '../helpers/github-runner.ts';
import { schemaErrors } from '../helpers/schema.ts';
import type { LabRecord } from '../../helpers/report/record.ts';

const RUN_MS = 15 * 60_000;
/** Lab hosts are gone when the grader ends; an engine may need a moment to forget them. */
const GONE_MS = 30_000;

/** Sorted before and behind all others: they are graded first and last. */
const NEIGHBOURS = ['a-neighbour-before', 'z-neighbour-after'];
const NEIGHBOURS_LABS = ['nginx-flask-mongo', 'none-network'];

/** What Jest and Testcontainers keep there from run to run. */
const LIBRARIES_OWN = /^(jest_\w+|testcontainers-node-\d+\.lock)$/;

const chosen = ATTACKS.filter(({ name }) => new RegExp(process.env['ATTACKS'] ?? '').test(name));

let place: Workspace;
let root: string;
let temporary: string;
let bait: Bait;
let before: Inventory;
let after: Inventory;
let run: Run;
let files: Record<string, string>;

beforeAll(async () => {
  place = workspace();
  root = path.dirname(place.submissions);
  mkdirSync(root, { recursive: true });
  bait = await layBait(root);
  for (const { name, lab, write } of chosen) {
    const folder = path.join(place.submissions, name, lab);
    mkdirSync(folder, { recursive: true });
    write(folder, bait.targets);
  }
  for (const name of NEIGHBOURS)
    for (const lab of NEIGHBOURS_LABS)
      cpSync(path.join('submissions/example-good', lab), path.join(place.submissions, name, lab), { recursive: true });
  // A folder of its own for temporary files: what is left in it is the grader's.
  temporary = path.join(root, 'tmp');
  mkdirSync(temporary);
  const look = (): Promise<Inventory> => inventoryOf(root, [place.out, temporary]);
  before = await look();
  const labs = [...new Set([...NEIGHBOURS_LABS, ...chosen.map(({ lab }) => lab)])];
  run = await grade(
    ['--submissions', place.submissions, '--out', place.out, '--jobs', '2', ...labs.flatMap((lab) => ['--lab', lab])],
    { TMPDIR: temporary, [SECRET_VARIABLE]: bait.secrets.variable },
  );
  await until(GONE_MS, async () => {
    after = await look();
    return changesOf(before, after).length === 0 ? true : undefined;
  });
  files = reportsIn(place.out);
}, RUN_MS);

afterAll(async () => {
  await bait[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

/** What a record says to whoever reads it. */
function textOf(lab: LabRecord): string {
  return [lab.message ?? '', ...lab.criteria.map(({ actual }) => actual), outputsIn(lab)].join('\n');
}

/** @returns how a record differs from an outcome. */
function differences(record: LabRecord, { status, fails, says }: Outcome): string[] {
  const failed = criteriaWith(record, 'failed');
  const undecided = criteriaWith(record, 'error');
  return [
    ...(record.status === status ? [] : [`it is ${record.status}, not ${status}: ${record.message ?? ''}`]),
    ...(fails === undefined || same(failed, fails) ? [] : [`it fails ${failed.join(', ')}, not ${fails.join(', ')}`]),
    ...(status === 'error' || undecided.length === 0 ? [] : [`${undecided.join(', ')} could not be judged`]),
    ...(says === undefined || says.test(textOf(record))
      ? []
      : [`it does not say ${String(says)}: ${textOf(record).slice(0, 3000)}`]),
  ];
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());
}

test('the run ends by itself, and what it could not grade is no internal error', () => {
  expect(run.stderr).not.toMatch(/internal error/);
  const undecided = chosen.some(({ name, lab }) => labOf(place.out, name, lab).status === 'error');
  expect(run.exitCode).toBe(undecided ? 3 : 0);
});

describe('an attack', () => {
  test.each(chosen)('$name comes to what it should', ({ name, lab, outcomes, never }) => {
    const record = labOf(place.out, name, lab);
    const found = outcomes.map((outcome) => differences(record, outcome));
    expect(found.some((each) => each.length === 0) ? [] : found).toEqual([]);
    expect(never?.exec(textOf(record))?.[0]).toBeUndefined();
  });

  test.each(chosen)('$name leaves a record that obeys the schema and adds up', ({ name }) => {
    const record = recordOf(place.out, name);
    expect(schemaErrors(record)).toEqual([]);
    const points = record.labs.flatMap(({ criteria }) => criteria).filter(({ status }) => status === 'passed');
    expect(record.score).toBe(points.reduce((sum, { maxScore }) => sum + maxScore, 0));
  });
});

describe('honest neighbours', () => {
  test.each(NEIGHBOURS)('%s has all points', (name) => {
    for (const lab of NEIGHBOURS_LABS)
      expect(labOf(place.out, name, lab)).toMatchObject({ status: 'graded', score: 100 });
  });
});

describe('the grading machine', () => {
  test('has the containers, networks, volumes, images and files that it had', () => {
    expect(changesOf(before, after)).toEqual([]);
    expect(after.marks).toEqual([]);
  });

  test('has nothing left in its folder for temporary files but the cache and the lock of libraries', () => {
    expect(readdirSync(temporary).filter((name) => !LIBRARIES_OWN.test(name))).toEqual([]);
  });

  test('was reached by nobody, though whoever has a network gets there', async () => {
    expect(bait.callers).toEqual([]);
    const [host = '', port = ''] = bait.targets.listener.split(':');
    spawn('docker', ['run', '--rm', 'busybox:latest', 'nc', '-w', '5', host, port], { stdio: 'ignore' });
    expect(await until(GONE_MS, () => Promise.resolve(bait.callers.length > 0 || undefined))).toBe(true);
  });

  test('has told nobody what is in its files and its environment', () => {
    const everything = { ...files, stdout: run.stdout, stderr: run.stderr };
    const { file, variable } = bait.secrets;
    const telling = Object.entries(everything).filter(([, text]) => text.includes(file) || text.includes(variable));
    expect(telling.map(([name]) => name)).toEqual([]);
  });

  test('was told nothing that a GitHub runner obeys', () => {
    expect(obeyed(run.stderr)).toEqual([]);
    expect(run.stderr).not.toMatch(/##\w*\[/);
  });

  test('was shown nothing that steers a terminal', () => {
    // eslint-disable-next-line no-control-regex -- that is what steers one
    expect(run.stdout + run.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });
});
