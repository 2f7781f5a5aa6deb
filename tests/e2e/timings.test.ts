/** Where the time of a run goes, and that nobody waits with a result until its machine is gone. */
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import { labHostsOf } from '../helpers/engine.ts';
import { openDoor } from '../helpers/engine-door.ts';
import { grade, labOf, recordOf, startGrading, summaryIn, workspace, type Workspace } from '../helpers/grade.ts';
import { schemaErrors } from '../helpers/schema.ts';

const LAB = 'none-network';
const GRADING_MS = 180_000;
const RESULT_MS = 120_000;

let place: Workspace;
beforeEach(() => {
  place = workspace();
});
afterEach(() => {
  place[Symbol.dispose]();
});

function handIn(student: string): string[] {
  cpSync(`submissions/example-good/${LAB}`, path.join(place.submissions, student, LAB), { recursive: true });
  return ['--submissions', place.submissions, '--out', place.out, '--lab', LAB];
}

test(
  'stands in the record whether anybody asks or not, and on the screen when somebody does',
  async () => {
    const args = handIn('alice');
    const folder = path.join(place.submissions, 'alice', LAB);
    mkdirSync(path.join(folder, 'image'));
    writeFileSync(path.join(folder, 'image/Dockerfile'), 'FROM busybox\nRUN echo this takes a moment > /built\n');
    const script = 'docker build -t mine image\ndocker run -d --name isolated --network none mine sleep 300\n';
    writeFileSync(path.join(folder, 'run.sh'), script);
    const asked = await grade([...args, '--timings']);
    const { timings = {}, status, score } = labOf(place.out, 'alice', LAB);
    expect([asked.exitCode, status, score]).toEqual([0, 'graded', 100]);
    expect(schemaErrors(recordOf(place.out, 'alice'))).toEqual([]);
    const phases = ['boot', 'copy', 'deploy', 'ready', 'look', 'probes', 'judge'];
    const groups = ['reach', 'pings', 'names', 'outside', 'databases'].map((group) => `probes: ${group}`);
    expect(Object.keys(timings)).toEqual(expect.arrayContaining([...phases, ...groups]));
    expect(timings['deploy: build']).toBeGreaterThan(0);
    expect(timings['deploy: start']).toBeGreaterThan(0);
    // They are rounded one by one.
    const parts = (timings['deploy: build'] ?? 0) + (timings['deploy: start'] ?? 0);
    expect(Math.abs(parts - (timings['deploy'] ?? 0))).toBeLessThanOrEqual(2);
    expect(summaryIn(place.out).run).toMatchObject({
      labHosts: { removed: 1 },
      timings: { remove: expect.any(Number) },
    });
    expect(asked.stdout).toMatch(new RegExp(`^${LAB} +ms\\n {2}boot +\\d+$`, 'm'));

    const unasked = await grade(args);
    expect(unasked.stdout).not.toMatch(/boot|judge/);
    const again = labOf(place.out, 'alice', LAB).timings ?? {};
    expect(Object.keys(again).sort()).toEqual(Object.keys(timings).sort());
  },
  GRADING_MS,
);

test(
  'a result is printed and written while the lab host is still being removed; the command ends when it is gone',
  async () => {
    let reported = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      reported = resolve;
    });
    const isRemoval = (method: string, url: string): boolean => method === 'DELETE' && url.includes('/containers/');
    await using door = await openDoor((method, url) => (isRemoval(method, url) ? held : Promise.resolve()));
    const grader = startGrading(handIn('bob'), { DOCKER_HOST: door.url });
    let printed = '';
    grader.process.stdout?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    const page = path.join(place.out, 'index.html');
    const isReported = (): boolean => /100\/100[^]*reports: /.test(printed) && existsSync(page);
    const seen = await until(RESULT_MS, () => Promise.resolve(isReported() || undefined));
    const whileReported = await labHostsOf(grader.process.pid);
    const running = grader.process.exitCode === null;
    reported();
    const { exitCode } = await grader.ended;
    expect([seen, whileReported.length, running, exitCode]).toEqual([true, 1, true, 0]);
    expect(await labHostsOf(grader.process.pid)).toEqual([]);
  },
  GRADING_MS,
);
