/** Real workers on a real Redis and a real engine: what they find is what one machine finds, whoever is killed. */
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import { casesOf, layOut } from '../helpers/corpus.ts';
import { labHostAtWork, labHostsOf } from '../helpers/engine.ts';
import {
  grade,
  recordOf,
  startGrading,
  startWorking,
  summaryIn,
  workspace,
  type RunningGrader,
  type Workspace,
} from '../helpers/grade.ts';
import { TestRedis } from '../helpers/redis.ts';

jest.setTimeout(300_000);
const READY_MS = 60_000;
const AT_WORK_MS = 90_000;
const GONE_MS = 30_000;

/** Cheap labs: each case is a student. */
const BATCH: Record<string, string[]> = {
  'none-network': ['as-in-the-tutorial', 'on-the-default-bridge'],
  'default-bridge': ['as-in-the-tutorial', 'no-way-to-deploy-it'],
  'user-defined-bridge': ['alpine4-missing'],
};
/** Every student in BATCH and the labs handed in. */
const HANDED_IN = Object.values(BATCH).flat().length;

let redis: TestRedis;
let place: Workspace;
let serial: Workspace;
const workers: RunningGrader[] = [];

beforeAll(async () => {
  serial = workspace();
  layOutAll(serial);
  const { exitCode } = await grade(argsOf(serial, '--jobs', '1'));
  if (exitCode !== 0) throw new Error(`the serial run ended with ${String(exitCode)}`);
  redis = await TestRedis.start();
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  serial[Symbol.dispose]();
});
afterEach(async () => {
  for (const worker of workers) worker.process.kill('SIGTERM');
  await Promise.all(workers.splice(0).map(({ ended }) => ended));
  place[Symbol.dispose]();
});

function layOutAll({ submissions }: Workspace): void {
  for (const [lab, names] of Object.entries(BATCH))
    for (const each of casesOf(lab).filter(({ name }) => names.includes(name))) layOut(lab, each, submissions);
}

function argsOf({ submissions, out }: Workspace, ...more: string[]): string[] {
  return ['--submissions', submissions, '--out', out, ...more];
}

function byQueue(): string[] {
  place = workspace();
  layOutAll(place);
  return argsOf(place, '--queue', redis.url);
}

async function worker(): Promise<RunningGrader> {
  const started = startWorking(['--queue', redis.url, '--jobs', '1']);
  workers.push(started);
  const ready = await until(READY_MS, () =>
    Promise.resolve(started.printed.stderr.includes('waiting for labs') || undefined),
  );
  if (ready === undefined) throw new Error(`the worker did not start: ${started.printed.stderr}`);
  return started;
}

/** `student lab` of each that a worker says it has graded. */
function gradedBy(...some: RunningGrader[]): string[] {
  const text = some.map(({ printed }) => printed.stderr).join('');
  return [...text.matchAll(/^netgrade: (\S+) {2}(\S+) {2}\S+ {2}[\d.]+ s$/gm)].map(
    ([, student, lab]) => `${student!} ${lab!}`,
  );
}

/** What was found, without how long it took and what addresses there were. */
function verdicts({ out }: Workspace): unknown {
  return summaryIn(out).students.map(({ student, score }) => ({
    student,
    score,
    labs: recordOf(out, student).labs.map(({ lab, status, score: points, criteria }) => [
      lab,
      status,
      points,
      criteria.map((each) => `${each.id} ${each.status} ${each.score}`),
    ]),
  }));
}

function finished(stderr: string): string[] {
  return [...stderr.matchAll(/^\[\d+\/\d+\] (\S+) {2}(\S+)/gm)].map(([, student, lab]) => `${student!} ${lab!}`);
}

test('two workers find what one machine finds, and each lab is graded by one of them', async () => {
  const args = byQueue();
  const both = [await worker(), await worker()] as const;
  const { exitCode, stderr } = await grade(args);
  expect([exitCode, verdicts(place)]).toEqual([0, verdicts(serial)]);
  const done = gradedBy(...both);
  expect([done.length, new Set(done).size]).toEqual([HANDED_IN, HANDED_IN]);
  expect(new Set(finished(stderr)).size).toBe(finished(stderr).length);
  expect(both.map((each) => gradedBy(each).length > 0)).toEqual([true, true]);
  expect(existsSync(path.join(place.out, '.queue-run'))).toBe(false);
});

test('a worker that is killed in the middle of a lab loses nothing, and the next one removes what it left', async () => {
  const args = byQueue();
  const killed = await worker();
  const grader = startGrading(args);
  await labHostAtWork(killed.process.pid, AT_WORK_MS);
  killed.process.kill('SIGKILL');
  await killed.ended;
  expect((await labHostsOf(killed.process.pid)).length).toBeGreaterThan(0);
  expect(folderOf(killed)).toHaveLength(1);

  const next = await worker();
  const { exitCode, stderr } = await grader.ended;
  expect([exitCode, verdicts(place)]).toEqual([0, verdicts(serial)]);
  expect(new Set(finished(stderr)).size).toBe(finished(stderr).length);
  expect(gradedBy(killed, next)).toHaveLength(HANDED_IN);
  const left = await until(GONE_MS, async () => ((await labHostsOf(killed.process.pid)).length === 0 ? [] : undefined));
  expect([left, folderOf(killed)]).toEqual([[], []]);
});

test('a grader that is killed goes on where it was: what workers have graded is not graded again', async () => {
  const args = byQueue();
  const only = await worker();
  const killed = startGrading(args);
  // The first student has handed in more than one lab: one of them is graded, and no record is written yet.
  const begun = await until(AT_WORK_MS, () => Promise.resolve(gradedBy(only).length >= 1 || undefined));
  killed.process.kill('SIGKILL');
  await killed.ended;
  expect([begun, gradedBy(only).length < HANDED_IN]).toEqual([true, true]);
  expect(existsSync(path.join(place.out, '.queue-run'))).toBe(true);

  const { exitCode } = await grade(args);
  expect([exitCode, verdicts(place)]).toEqual([0, verdicts(serial)]);
  const done = gradedBy(only);
  expect([done.length, new Set(done).size]).toEqual([HANDED_IN, HANDED_IN]);
  const client = redis.client();
  expect(await client.keys('netgrade:parcel:*')).toEqual([]);
  client.disconnect();
});

/** The folder in which a worker unpacks submissions. */
function folderOf({ process: { pid } }: RunningGrader): string[] {
  return readdirSync(os.tmpdir()).filter((name) => name.startsWith('netgrade-') && name.includes(`-${pid}-`));
}
