/**
 * Two workers beside each other on this machine against one, with the same limit each: the real command lines, a real
 * Redis, a real engine, and a batch of cheap labs.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Summary } from '../helpers/report/summary.ts';
import { ensureEngine } from '../helpers/setup/engine.ts';
import { DEFAULT_GENERATION } from '../helpers/setup/generations.ts';
import { ensureImages } from '../helpers/setup/images.ts';
import { ensureRedis, TestRedis } from '../tests/helpers/redis.ts';

const LABS = ['none-network', 'user-defined-bridge'];
const STUDENTS = 4;
/** One and two take turns, so that whatever else the machine does hits both. */
const ROUNDS = 2;
const GOAL = 0.6;
const PROGRAMS = path.resolve('helpers/cli');

function start(program: string, args: string[]): ChildProcess {
  const file = path.join(PROGRAMS, `${program}.ts`);
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', file, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, CI: '' },
  });
}

async function startWorker(url: string): Promise<ChildProcess> {
  const worker = start('worker', ['--queue', url, '--jobs', '1']);
  for await (const line of createInterface({ input: worker.stderr! })) if (line.includes('waiting for labs')) break;
  worker.stderr!.resume();
  return worker;
}

/** @returns milliseconds from the first lab that is handed in to the last record. */
async function batch(url: string, submissions: string, workers: number): Promise<number> {
  const out = mkdtempSync(path.join(os.tmpdir(), 'netgrade-bench-reports-'));
  const there = await Promise.all(Array.from({ length: workers }, () => startWorker(url)));
  try {
    const started = performance.now();
    const labs = LABS.flatMap((lab) => ['--lab', lab]);
    const grader = start('grade', ['--queue', url, '--submissions', submissions, '--out', out, ...labs]);
    let said = '';
    grader.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const [exitCode] = (await once(grader, 'exit')) as [number | null];
    const ms = performance.now() - started;
    const { students } = JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8')) as Summary;
    if (exitCode !== 0 || students.some(({ score, maxScore }) => score !== maxScore))
      throw new Error(`the batch was not graded as it should be (exit code ${String(exitCode)}):\n${said}`);
    return ms;
  } finally {
    for (const worker of there) worker.kill('SIGTERM');
    for (const worker of there) if ((worker.exitCode ?? worker.signalCode) === null) await once(worker, 'exit');
    rmSync(out, { recursive: true, force: true });
  }
}

/** Prints the times of one worker and of two, and their ratio. */
export async function run(): Promise<void> {
  await ensureRedis();
  await ensureImages((await ensureEngine()).docker, DEFAULT_GENERATION);
  await using redis = await TestRedis.start();
  const submissions = mkdtempSync(path.join(os.tmpdir(), 'netgrade-bench-'));
  const times: Record<1 | 2, number[]> = { 1: [], 2: [] };
  try {
    for (let i = 0; i < STUDENTS; i++)
      for (const lab of LABS)
        cpSync(path.join('submissions/example-good', lab), path.join(submissions, `student-${i}`, lab), {
          recursive: true,
        });
    for (let round = 0; round < ROUNDS; round++)
      for (const workers of [1, 2] as const) {
        const ms = await batch(redis.url, submissions, workers);
        times[workers].push(ms);
        console.error(`  ${STUDENTS * LABS.length} labs, ${workers} with --jobs 1: ${(ms / 1000).toFixed(1)} s`);
      }
  } finally {
    rmSync(submissions, { recursive: true, force: true });
  }
  const [one, two] = [Math.min(...times[1]), Math.min(...times[2])];
  console.log(
    `two workers / one worker     ${(two / one).toFixed(2)}  (goal: at most ${GOAL}; ${os.availableParallelism()} cores)`,
  );
}
