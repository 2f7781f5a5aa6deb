/**
 * Workers of the queue's own code that take as long for a lab as a real one took, divided by a scale, and send back as
 * much as it sent. Each submission's file `recorded` says which one.
 *
 * usage: node simulated-worker.ts URL QUEUE WORKERS SCALE
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { definition } from '../../specs/none-network.lab.ts';
import type { Graded } from '../../helpers/run/lab-task.ts';
import { connect } from '../../helpers/run/queue/redis.ts';
import { LabWorker } from '../../helpers/run/queue/worker.ts';
import { gradedLab } from '../../helpers/report/recording.ts';
import { NOTHING } from '../../helpers/survey/nothing.ts';
import recorded from './recorded.json' with { type: 'json' };

const [url = '', queue = '', workers = '1', scale = '1'] = process.argv.slice(2);
const LOCK_MS = 3000;

function result(bytes: number, durationMs: number): Graded {
  const ids = Object.keys(definition.criteria);
  const evidence = [{ what: 'simulated', output: 'x'.repeat(Math.ceil(bytes / ids.length)) }];
  const verdicts = ids.map((id) => ({
    ...{
      id,
      status: 'passed' as const,
      expected: 'it holds',
      actual: 'it holds',
      evidence,
      basedOn: [],
      durationMs: 0,
    },
  }));
  return { record: gradedLab(definition, verdicts, { ...NOTHING, timings: {} }, durationMs) };
}

async function start(): Promise<void> {
  await LabWorker.start(await connect(url), {
    version: { queue, about: queue },
    jobs: 1,
    lockMs: LOCK_MS,
    outOfOrder: () => Promise.resolve(undefined),
    grade: async (_, folder) => {
      const { durationMs, bytes } = recorded.labs[Number(readFileSync(path.join(folder, 'recorded'), 'utf8'))]!;
      await delay(durationMs / Number(scale));
      return result(bytes, durationMs);
    },
  });
}

await Promise.all(Array.from({ length: Number(workers) }, start));
console.log('ready');
