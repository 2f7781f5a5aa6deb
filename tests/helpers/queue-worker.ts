/**
 * A worker that grades nothing: each folder's file `behaviour` says what becomes of it. For tests of the queue itself.
 *
 * usage: node queue-worker.ts URL QUEUE LOG
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from '../../helpers/run/queue/redis.ts';
import { LabWorker } from '../../helpers/run/queue/worker.ts';
import type { LabRecord } from '../../helpers/report/record.ts';
import { until } from '../../helpers/base/wait.ts';

const [url = '', queue = '', log = ''] = process.argv.slice(2);
const LOCK_MS = 1000;
const WAIT_MS = 30_000;

function record(lab: string, status: LabRecord['status'], message: string): LabRecord {
  const topology = { networks: [], containers: [] };
  return { lab, status, score: 100, maxScore: 100, durationMs: 1, message, criteria: [], topology };
}

let broken = false;
const worker = await LabWorker.start(await connect(url), {
  version: { queue, about: queue },
  jobs: 1,
  lockMs: LOCK_MS,
  outOfOrder: () => Promise.resolve(broken ? 'it is broken' : undefined),
  grade: async (lab, folder) => {
    const [behaviour = '', file = ''] = readFileSync(path.join(folder, 'behaviour'), 'utf8').split(' ');
    appendFileSync(log, `${process.pid} ${lab} ${behaviour}\n`);
    if (behaviour === 'dies') process.kill(process.pid, 'SIGKILL');
    if (behaviour === 'waits') await until(WAIT_MS, () => Promise.resolve(existsSync(file) || undefined));
    broken = behaviour === 'fails-here' && file === String(process.pid);
    const failsOnce = behaviour === 'fails-once' && !existsSync(file);
    if (failsOnce) writeFileSync(file, '');
    const fails = behaviour === 'fails' || failsOnce || broken;
    return { record: record(lab, fails ? 'error' : 'graded', String(process.pid)) };
  },
});
console.log('ready');
console.log(await worker.outOfOrder);
await worker[Symbol.asyncDispose]();
