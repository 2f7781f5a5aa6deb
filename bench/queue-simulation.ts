/**
 * Fifty workers and ten thousand submissions: the real Redis, the queue's own code and a real run; only that workers
 * wait as long as real gradings took (bench/lib/recorded.json), divided by a scale, instead of grading. On the way,
 * ten workers are killed, and somebody else hands in a few labs.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Redis } from 'ioredis';
import { definition } from '../specs/none-network.lab.ts';
import type { GradableLab } from '../helpers/lab/catalogue.ts';
import { gradeAll, type LabGrader, type Task } from '../helpers/run/run.ts';
import { RemoteGrader } from '../helpers/run/queue/remote-grader.ts';
import { catalogueRubric } from '../helpers/report/rubric/rubric.ts';
import type { Student } from '../helpers/submission/find.ts';
import { ensureRedis, TestRedis } from '../tests/helpers/redis.ts';
import recorded from './lib/recorded.json' with { type: 'json' };

const WORKERS = 50;
const SUBMISSIONS = 10_000;
/** Of the other grader. */
const FEW = 50;
/** So many times faster than it was: the machine has to keep up with all fifty. */
const SCALE = 20;
const PROCESSES = 5;
const LAB = { ...definition, machines: 1 } as unknown as GradableLab;
const VERSION = { queue: 'labs-of-a-simulation', about: 'a simulation' };
const PROGRAM = path.resolve('bench/lib/simulated-worker.ts');
const SAMPLE_MS = 200;
const MIB = 1024 * 1024;

interface Timing {
  asked: number;
  begun?: number;
  ended?: number;
}

/** A grader that notes when each lab was asked for, begun and there again. */
class Timed implements LabGrader {
  readonly live = false;
  readonly jobs: number;
  readonly timings = new Map<string, Timing>();
  /** How often each lab came back. */
  readonly counts = new Map<string, number>();
  readonly #grader: RemoteGrader;

  constructor(grader: RemoteGrader) {
    this.#grader = grader;
    this.jobs = grader.jobs;
  }

  async grade(task: Task, started: () => void) {
    const { name } = task.student;
    const timing: Timing = { asked: performance.now() };
    this.timings.set(name, timing);
    const graded = await this.#grader.grade(task, () => {
      timing.begun ??= performance.now();
      started();
    });
    timing.ended = performance.now();
    if (graded.record.status !== 'graded') throw new Error(`${name}: ${graded.record.message ?? ''}`);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    return graded;
  }

  recorded(student: string, lab: string): void {
    this.#grader.recorded(student, lab);
  }
}

interface Place {
  root: string;
  url: string;
}

/** Grades so many submissions as `npm run grade` does. */
async function grade(students: Student[], { root, url }: Place, name: string): Promise<{ timed: Timed; ms: number }> {
  const out = path.join(root, `reports-of-${name}`);
  await using remote = await RemoteGrader.open(url, { version: VERSION, out, say: console.error, watchMs: 1000 });
  const timed = new Timed(remote);
  running.set(name, timed);
  const plan = {
    students,
    labs: [LAB],
    rubric: catalogueRubric([LAB]),
    out,
    on: 'a simulation',
    program: '',
    again: false,
  };
  const silent = { started: () => undefined, finished: () => undefined, kept: () => undefined, note: console.error };
  const started = performance.now();
  const { records } = await gradeAll(plan, timed, silent);
  if (records.length !== students.length) throw new Error(`${records.length} of ${students.length} came back`);
  return { timed, ms: performance.now() - started };
}

const running = new Map<string, Timed>();

function handIn(root: string, prefix: string, count: number): Student[] {
  return Array.from({ length: count }, (_, i) => {
    const name = `${prefix}-${String(i).padStart(5, '0')}`;
    const folder = path.join(root, 'submissions', name, LAB.name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'recorded'), String(i % recorded.labs.length));
    writeFileSync(
      path.join(folder, 'run.sh'),
      `# ${name}\ndocker run --rm -dit --network none --name isolated alpine ash\n`,
    );
    return { name, labs: new Map([[LAB.name, folder]]), unknown: [] };
  });
}

async function startWorkers(url: string): Promise<ChildProcess> {
  const args = [PROGRAM, url, VERSION.queue, String(WORKERS / PROCESSES), String(SCALE)];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

/** Resolves when so many labs of a grader are back. */
function done(name: string, count: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if ((running.get(name)?.counts.size ?? 0) < count) return;
      clearInterval(timer);
      resolve();
    }, SAMPLE_MS);
  });
}

/** The most that was seen of what grows. */
class Peaks {
  redis = 0;
  parcels = 0;
  rss = 0;
  heap = 0;

  async sample(client: Redis): Promise<void> {
    const memory = /used_memory:(\d+)/.exec(await client.info('memory'))?.[1];
    this.redis = Math.max(this.redis, Number(memory));
    this.parcels = Math.max(this.parcels, await client.dbsize());
    const { rss, heapUsed } = process.memoryUsage();
    this.rss = Math.max(this.rss, rss);
    this.heap = Math.max(this.heap, heapUsed);
  }
}

/** Prints how a large class fares; what it means stands in docs/queue.md. */
export async function run(): Promise<void> {
  await ensureRedis();
  await using redis = await TestRedis.start();
  const root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-simulation-'));
  const children: ChildProcess[] = [];
  const client = redis.client();
  const peaks = new Peaks();
  const sampling = setInterval(() => void peaks.sample(client).catch(() => undefined), SAMPLE_MS);
  try {
    const place = { root, url: redis.url };
    const [many, few] = [handIn(root, 'student', SUBMISSIONS), handIn(root, 'guest', FEW)];
    for (let i = 0; i < PROCESSES; i++) children.push(await startWorkers(redis.url));
    console.error(`${WORKERS} workers are there; grading ${SUBMISSIONS} …`);
    const all = grade(many, place, 'many');
    const guests = done('many', SUBMISSIONS / 4).then(() => grade(few, place, 'few'));
    const killed = done('many', SUBMISSIONS / 2).then(() => children[0]?.kill('SIGKILL'));
    const [large, small] = await Promise.all([all, guests, killed]);
    print(large, small, peaks);
    console.log(`Redis afterwards            ${await client.dbsize()} keys`);
  } finally {
    clearInterval(sampling);
    client.disconnect();
    for (const child of children) child.kill('SIGKILL');
    rmSync(root, { recursive: true, force: true });
  }
}

type Finished = Awaited<ReturnType<typeof grade>>;

function print(large: Finished, small: Finished, peaks: Peaks): void {
  const mean = recorded.labs.reduce((sum, { durationMs }) => sum + durationMs, 0) / recorded.labs.length / SCALE;
  const idealMs = ((SUBMISSIONS + FEW) * mean) / WORKERS;
  const rows: [string, string][] = [
    ['recorded labs', `${recorded.labs.length}, ${((mean * SCALE) / 1000).toFixed(1)} s on average, 1:${SCALE} here`],
    [
      'labs per second',
      `${((SUBMISSIONS + FEW) / (large.ms / 1000)).toFixed(0)}, ideal ${(1000 / (mean / WORKERS)).toFixed(0)}`,
    ],
    [
      'time / ideal',
      `${(large.ms / idealMs).toFixed(2)} (ten of the fifty were killed half way: 1.12 is what that costs)`,
    ],
    [
      'longest wait',
      `${longest(large.timed).toFixed(2)} s until it was begun, of the ${large.timed.jobs} that the grader has in hand`,
    ],
    [
      'the other grader',
      `${FEW} labs in ${(small.ms / 1000).toFixed(1)} s, longest wait ${longest(small.timed).toFixed(2)} s`,
    ],
    ['Redis', `at most ${(peaks.redis / MIB).toFixed(0)} MiB and ${peaks.parcels} keys`],
    ['grader', `at most ${(peaks.rss / MIB).toFixed(0)} MiB, ${(peaks.heap / MIB).toFixed(0)} MiB of it objects`],
    ['counted once', `${onlyOnce(large.timed)} of ${SUBMISSIONS}, ${onlyOnce(small.timed)} of ${FEW}`],
  ];
  for (const [what, figure] of rows) console.log(`${what.padEnd(27)} ${figure}`);
}

function longest({ timings }: Timed): number {
  return Math.max(...[...timings.values()].map(({ asked, begun = asked }) => begun - asked)) / 1000;
}

function onlyOnce({ counts }: Timed): number {
  return [...counts.values()].filter((times) => times === 1).length;
}
