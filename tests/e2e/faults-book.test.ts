/**
 * The class's book: what was finished is never replaced by what is not, and the class's files are made of all records. More rows
 * of the table of faults; see faults.test.ts.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { FAULTS } from '../helpers/faults/faults.ts';
import { observe } from '../helpers/faults/observe.ts';
import { fill, letGo, Outcomes, type Cause } from '../helpers/faults/outcome.ts';
import { Scene } from '../helpers/faults/scene.ts';
import { SmallDisk } from '../helpers/faults/small-disk.ts';
import type { RunningGrader } from '../helpers/grade.ts';
import { until } from '../../helpers/base/wait.ts';

jest.setTimeout(240_000);
const AT_WORK_MS = 60_000;
/** So much that three records fit, and pages do not. */
const ROOM_FOR_RECORDS = 56 * 1024;

let outcomes: Outcomes;
beforeAll(async () => {
  outcomes = await Outcomes.begin();
});
afterAll(async () => {
  await outcomes[Symbol.asyncDispose]();
});

test.each([
  ['againInterrupted', 'SIGINT'],
  ['againTerminated', 'SIGTERM'],
  ['againKilled', 'SIGKILL'],
] as const)('%s', async (name, signal) => {
  const cause: Cause = ({ grader }) => {
    grader.process.kill(signal);
    grader.process.kill(signal); // once from the terminal, once from npm
  };
  const setting = { scene: await Scene.finished(), args: ['--again'], unsaid: /socket hang up|ENOENT|error/ };
  expect(await outcomes.of(name, cause, setting)).toEqual(FAULTS[name].expected);
});

test('one student is graded into a finished class', async () => {
  const outcome = await outcomes.of('oneStudent', letGo, { scene: await Scene.finished(), args: ['bert', '--again'] });
  expect(outcome).toEqual(FAULTS.oneStudent.expected);
});

test('another lab is graded into a finished class', async () => {
  const scene = await Scene.finished();
  scene.handIn('bert', 'docker run -dit --name alpine1 alpine ash\n', {}, 'default-bridge');
  const outcome = await outcomes.of('oneLab', letGo, { scene, args: ['bert', '--lab', 'default-bridge'] });
  expect(outcome).toEqual(FAULTS.oneLab.expected);
});

test('a record of another version is among the reports', async () => {
  const scene = new Scene();
  const text = JSON.stringify({ schemaVersion: 0, student: 'dora' });
  mkdirSync(scene.place.out, { recursive: true });
  writeFileSync(path.join(scene.place.out, 'dora.json'), text);
  let kept: string | undefined;
  const cause: Cause = async (at) => {
    await letGo(at);
    await at.grader.ended;
    kept = scene.text('dora');
  };
  expect(await outcomes.of('olderRecord', cause, { scene })).toEqual(FAULTS.olderRecord.expected);
  expect(kept).toBe(text);
});

test('two runs at once into one folder of reports', async () => {
  let second: RunningGrader | undefined;
  const cause: Cause = async ({ scene, grader, host }) => {
    const other = scene.start();
    second = other;
    const says = `is in use by process ${grader.process.pid} on this machine`;
    await until(AT_WORK_MS, () => Promise.resolve(other.printed.stderr.includes(says) || undefined));
    await scene.letGo(host);
    await other.ended;
  };
  const setting = { args: ['anna', 'bert'], heard: () => second?.printed.stderr ?? '' };
  expect(await outcomes.of('twoRuns', cause, setting)).toEqual(FAULTS.twoRuns.expected);
  const { exitCode, stderr } = await second!.ended;
  expect(exitCode).toBe(0);
  expect([...stderr.matchAll(/^\[\d+\/\d+\] (\S+)/gm)].map(([, student]) => student)).toEqual(['carl']);
  expect(stderr.split('is in use by')).toHaveLength(2);
});

test('the disk of the reports is full', async () => {
  using disk = new SmallDisk('256k');
  const scene = new Scene({ out: path.join(disk.folder, 'reports') });
  const outcome = await outcomes.of('reportsDisk', fill(disk), { scene, mend: disk.free.bind(disk) });
  expect(outcome).toEqual(FAULTS.reportsDisk.expected);
});

test('the disk of the reports is full when the class’s files are written', async () => {
  using disk = new SmallDisk('2m');
  using scene = new Scene({ out: path.join(disk.folder, 'reports') });
  scene.neverHold();
  disk.fill(ROOM_FOR_RECORDS);
  const grader = scene.start();
  const run = await grader.ended;
  disk.free();
  const at = { scene, grader, run, before: scene.text('anna'), strangers: outcomes.strangers };
  const outcome = await observe(FAULTS.classDisk, at);
  outcomes.note('classDisk', outcome);
  expect(outcome).toEqual(FAULTS.classDisk.expected);
});
