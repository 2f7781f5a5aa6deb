/** Images that submissions name: pulled once, outside of every time limit; a registry that fails costs nobody a point. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { pullImage } from '../../helpers/machine/lab-host/pull-image.ts';
import { docker } from '../helpers/engine.ts';
import { grade, labOf, workspace, type Workspace } from '../helpers/grade.ts';
import { startRegistry } from '../helpers/registry.ts';

const LAB = 'none-network';
const IMAGE = 'netgrade-test-tiny';
const PULL_MS = 30_000;
const GRADING_MS = 240_000;
/** Seconds; shorter than the registry takes for the image. */
const TIME_LIMIT = 10;
const HOLD_MS = 12_000;

let place: Workspace;
/** The grader's folder for temporary files: what is left in it is the grader's. */
let temporary: string;
beforeEach(() => {
  place = workspace();
  temporary = path.join(place.submissions, '../tmp');
  mkdirSync(temporary, { recursive: true });
});
afterEach(() => {
  place[Symbol.dispose]();
});

function handIn(student: string, files: Record<string, string>): void {
  const folder = path.join(place.submissions, student, LAB);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries(files)) writeFileSync(path.join(folder, file), text);
}

function run(...more: string[]): ReturnType<typeof grade> {
  const args = ['--submissions', place.submissions, '--out', place.out, '--lab', LAB, '--jobs', '2', ...more];
  return grade(args, { TMPDIR: temporary });
}

test(
  'the mirror is asked for an image once, whoever names it, and nobody’s time limit runs meanwhile',
  async () => {
    await using registry = await startRegistry(IMAGE, { holdMs: HOLD_MS });
    const limit = `timeout: ${TIME_LIMIT}\n`;
    const script = `docker run -d --name isolated --network none ${IMAGE}:1\n`;
    const compose = `services: { isolated: { image: "${IMAGE}:1", network_mode: none } }\n`;
    const built = 'docker build -t own . && docker run -d --name isolated --network none own\n';
    handIn('alice', { 'run.sh': script, 'submission.yaml': limit });
    handIn('bob', { 'compose.yaml': compose, 'submission.yaml': limit });
    handIn('carol', { 'run.sh': built, Dockerfile: `FROM ${IMAGE}:1\nLABEL own=1\n`, 'submission.yaml': limit });
    const { exitCode, stderr } = await run('--registry-mirror', registry.url);
    const labs = ['alice', 'bob', 'carol'].map((student) => labOf(place.out, student, LAB));
    expect([exitCode, ...labs.map(({ status, score }) => [status, score])]).toEqual([
      0,
      ['graded', 100],
      ['graded', 100],
      ['graded', 100],
    ]);
    expect(stderr).not.toMatch(/mirror/);
    const blobs = registry.asked.filter((each) => each.includes('/blobs/'));
    expect(blobs).toEqual([...new Set(blobs)]);
    expect(registry.asked.filter((each) => /^GET .*\/manifests\//.test(each)).length).toBeGreaterThan(0);
    // It was slower than any of them had time.
    expect(Math.max(...labs.map(({ timings }) => timings?.['images'] ?? 0))).toBeGreaterThanOrEqual(HOLD_MS);
    expect(readdirSync(temporary).filter((name) => name.startsWith('netgrade-'))).toEqual([]);
  },
  GRADING_MS,
);

test(
  'an image that could not be downloaded costs nobody a point; what runs without it is judged',
  async () => {
    await using registry = await startRegistry(IMAGE);
    const missing = '127.0.0.1:1/no-such:1';
    // Its output says nothing of it.
    const silent = `docker run -d --name isolated --network none ${missing} > /dev/null 2>&1\n`;
    handIn('dora', { 'run.sh': silent });
    const anyway = `docker run -d --name isolated --network none ${IMAGE}:1\ntimeout 1 docker pull ${missing} || true\n`;
    handIn('emil', { 'run.sh': anyway });
    const { exitCode } = await run('--registry-mirror', registry.url);
    expect(exitCode).toBe(3);
    const [dora, emil] = ['dora', 'emil'].map((student) => labOf(place.out, student, LAB));
    expect([dora?.status, emil?.status, emil?.score]).toEqual(['error', 'graded', 100]);
    expect(dora?.message).toMatch(/could not be downloaded: .*127\.0\.0\.1/);
  },
  GRADING_MS,
);

test('what a registry says decides whose fault it is; one that says nothing is not waited for for ever', async () => {
  const address = '127.0.0.1';
  await using registry = await startRegistry(IMAGE, { address });
  await using mute = await startRegistry(IMAGE, { address, mute: true });
  const [known, silent] = [registry, mute].map(({ url }) => new URL(url).host);
  expect(await pullImage(docker, `${known ?? ''}/no-such:1`, { ms: PULL_MS })).toEqual({ got: 'no-such' });
  const late = await pullImage(docker, `${silent ?? ''}/any:1`, { ms: 1_000 });
  expect(late).toEqual({ got: 'failed', why: expect.stringContaining('did not come in 1 s') });
  const nobody = await pullImage(docker, '127.0.0.1:1/any:1', { ms: PULL_MS });
  expect(nobody).toEqual({ got: 'failed', why: expect.stringContaining('refused') });
});

test.each([
  [['--registry-mirror', 'registry.example'], /--registry-mirror takes http/],
  [['--registry-mirror', 'http://user:secret@registry.example'], /--registry-mirror takes http/],
  [['--registry-mirror', 'http://registry.example', '--host', 'local'], /another machine’s engine has its own/],
])('%j is refused with exit 2', async (args, reason) => {
  const { exitCode, stderr } = await run(...args);
  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(reason)]);
});
