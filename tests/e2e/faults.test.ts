/** Broken machines: what was graded stays graded, nobody loses a point, nothing is left behind, nothing else is touched. */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../helpers/wait.ts';
import { docker, labHostAtWork, labHostsOf } from '../helpers/engine.ts';
import { criteriaWith, grade, labOf, startGrading, summaryIn, workspace, type Workspace } from '../helpers/grade.ts';

const LAB = 'nginx-flask-mongo';
const GRADING_MS = 180_000;
const AT_WORK_MS = 60_000;
const GONE_MS = 30_000;

let place: Workspace;
beforeEach(() => {
  place = workspace();
});
afterEach(() => {
  place[Symbol.dispose]();
});

function handIn(...students: string[]): string[] {
  for (const student of students)
    cpSync('submissions/example-good', path.join(place.submissions, student), { recursive: true });
  return ['--submissions', place.submissions, '--out', place.out, '--lab', LAB, '--jobs', '1'];
}

test(
  'a lab host that dies in the middle costs nobody a point, and a second run grades only what is missing',
  async () => {
    const args = handIn('alice', 'bob');
    const grader = startGrading(args);
    await docker.getContainer(await labHostAtWork(grader.process.pid, AT_WORK_MS)).kill();
    const first = await grader.ended;
    expect(first.exitCode).toBe(3);
    const alice = labOf(place.out, 'alice', LAB);
    expect([alice.status, criteriaWith(alice, 'failed')]).toEqual(['error', []]);
    expect(alice.message).toMatch(/lab host|probe|engine|socket/i);
    expect(labOf(place.out, 'bob', LAB)).toMatchObject({ status: 'graded', score: 100 });
    expect(summaryIn(place.out).complete).toBe(false);

    const second = await grade(args);
    expect(second.exitCode).toBe(0);
    expect(second.stderr).toMatch(/bob {2}kept/);
    expect(second.stderr).not.toMatch(/alice {2}kept/);
    expect(labOf(place.out, 'alice', LAB)).toMatchObject({ status: 'graded', score: 100 });
    expect(summaryIn(place.out).complete).toBe(true);
  },
  GRADING_MS,
);

test(
  'Ctrl-C removes the lab hosts before it ends',
  async () => {
    const grader = startGrading(handIn('carol'));
    await labHostAtWork(grader.process.pid, AT_WORK_MS);
    grader.process.kill('SIGINT');
    expect((await grader.ended).exitCode).toBe(130);
    expect(await labHostsOf(grader.process.pid)).toEqual([]);
  },
  GRADING_MS,
);

test(
  'what a killed run left is removed by the next one, and nothing else',
  async () => {
    const stranger = await docker.createContainer({
      Image: 'busybox:latest',
      Cmd: ['sleep', '300'],
      Labels: { 'netgrade-test': 'stranger' },
    });
    try {
      await stranger.start();
      const grader = startGrading(handIn('dora'));
      await labHostAtWork(grader.process.pid, AT_WORK_MS);
      grader.process.kill('SIGKILL');
      await grader.ended;
      expect((await labHostsOf(grader.process.pid)).length).toBeGreaterThan(0);

      mkdirSync(path.join(place.submissions, 'nobody'), { recursive: true });
      await grade(['nobody', '--submissions', place.submissions, '--out', place.out, '--lab', LAB]);
      const left = await until(GONE_MS, async () =>
        (await labHostsOf(grader.process.pid)).length === 0 ? [] : undefined,
      );
      expect(left).toEqual([]);
      expect((await stranger.inspect()).State.Running).toBe(true);
    } finally {
      await stranger.remove({ force: true });
    }
  },
  GRADING_MS,
);
