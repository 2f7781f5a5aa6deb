/** A queue in a Redis that not everybody may use: with a password, over TLS, as docs/queue.md says. */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import { grade, recordOf, startWorking, workspace, type Run, type Workspace } from '../helpers/grade.ts';
import { certificateIn, TestRedis } from '../helpers/redis.ts';

jest.setTimeout(180_000);
const READY_MS = 60_000;
const PASSWORD = 'long-and-random';

let folder: string;
let redis: TestRedis;
let place: Workspace;
let trusting: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-test-redis-'));
  redis = await TestRedis.start({ password: PASSWORD, folder });
  place = workspace();
  trusting = { NODE_EXTRA_CA_CERTS: certificateIn(folder) };
});
afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  place[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

function gradeBy(url: string, env: Record<string, string>): Promise<Run> {
  const what = ['example-good', '--lab', 'none-network', '--out', place.out];
  return grade([...what, '--queue', url], env);
}

test('whoever has the password grades through it', async () => {
  const worker = startWorking(['--queue', redis.url, '--jobs', '1'], trusting);
  try {
    const ready = await until(READY_MS, () =>
      Promise.resolve(worker.printed.stderr.includes('waiting for labs') || undefined),
    );
    expect([ready, worker.printed.stderr.includes(PASSWORD)]).toEqual([true, false]);
    const { exitCode } = await gradeBy(redis.url, trusting);
    expect([exitCode, recordOf(place.out, 'example-good').score]).toEqual([0, 100]);
  } finally {
    worker.process.kill('SIGTERM');
    await worker.ended;
  }
});

test('whoever has another one is told so, and neither is shown', async () => {
  const { exitCode, stderr } = await gradeBy(redis.urlWith('wrong'), trusting);
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^netgrade: no Redis to be used at rediss:\/\/:…@127\.0\.0\.1:\d+ \(.*WRONGPASS/m);
  expect(stderr).not.toMatch(/wrong@|long-and-random/);
});

test('nobody talks to one whose certificate nobody vouches for', async () => {
  const { exitCode, stderr } = await gradeBy(redis.url, {});
  expect([exitCode, stderr]).toEqual([3, expect.stringMatching(/no Redis to be used at .*self-signed certificate/)]);
});
