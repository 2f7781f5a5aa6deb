/**
 * Two workers beside each other on this machine against one, with the same limits each: the real command lines, a real
 * Redis, a real engine, and a batch of exercise 2.
 */
import type Docker from 'dockerode';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Summary } from '../helpers/report/summary.ts';
import { ensureRedis, TestRedis } from '../tests/helpers/redis.ts';
import { Class, LAB } from './lib/class.ts';
import { Cores, onCore } from './lib/cores.ts';
import { goal, heading, line, load, median, ratio, seconds, times } from './lib/figures.ts';
import { benchOptions } from './lib/options.ts';
import { prepared } from './lib/prepared.ts';

const STUDENTS = 8;
const GOAL = 0.6;
const PROGRAMS = path.resolve('helpers/cli');

/** What each worker may use besides `--jobs 1`. */
const LIMITS = { 'a core each': true, 'all cores for whoever needs them': false };

function command(program: string, args: string[]): string[] {
  return [process.execPath, '--disable-warning=ExperimentalWarning', path.join(PROGRAMS, `${program}.ts`), ...args];
}

function start([program = '', ...args]: string[]): ChildProcess {
  return spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, CI: '' } });
}

/** @param cores Where it gets a core of its own, if it is to have one. */
async function startWorker(url: string, number: number, cores: Cores | undefined): Promise<ChildProcess> {
  const argv = command('worker', ['--queue', url, '--jobs', '1']);
  const worker = start(cores === undefined ? argv : onCore(number, argv));
  cores?.bind(worker.pid!, number);
  for await (const text of createInterface({ input: worker.stderr! })) if (text.includes('waiting for labs')) break;
  worker.stderr!.resume();
  return worker;
}

/** @returns milliseconds from the first lab that is handed in to the last record. */
async function grade(
  docker: Docker,
  url: string,
  batch: Class,
  limits: { workers: number; coreEach: boolean },
): Promise<number> {
  await using cores = limits.coreEach ? await Cores.open(docker) : undefined;
  const numbers = Array.from({ length: limits.workers }, (_, i) => i);
  const there = await Promise.all(numbers.map((number) => startWorker(url, number, cores)));
  try {
    const started = performance.now();
    const { submissions, reports } = batch;
    const grader = start(
      command('grade', ['--queue', url, '--submissions', submissions, '--out', reports, '--lab', LAB, '--again']),
    );
    let said = '';
    grader.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    const [exitCode] = (await once(grader, 'exit')) as [number | null];
    const ms = performance.now() - started;
    await cores?.settled();
    const { students } = JSON.parse(readFileSync(path.join(reports, 'summary.json'), 'utf8')) as Summary;
    if (exitCode !== 0 || students.some(({ score, maxScore }) => score !== maxScore))
      throw new Error(`the batch was not graded as it should be (exit code ${String(exitCode)}):\n${said}`);
    return ms;
  } finally {
    for (const worker of there) worker.kill('SIGTERM');
    for (const worker of there) if ((worker.exitCode ?? worker.signalCode) === null) await once(worker, 'exit');
    rmSync(batch.reports, { recursive: true, force: true });
  }
}

/** Prints the times of one worker and of two, and their ratio, for each kind of limit. */
export async function run(): Promise<void> {
  const { rounds } = benchOptions();
  await ensureRedis();
  const { docker } = await prepared();
  await using redis = await TestRedis.start();
  using batch = new Class(STUDENTS);
  for (const [what, coreEach] of Object.entries(LIMITS)) {
    const timed = (workers: number): Promise<number> => grade(docker, redis.url, batch, { workers, coreEach });
    const taken: Record<'one' | 'two', number[]> = { one: [], two: [] };
    await timed(2); // fills caches
    for (let round = 1; round <= rounds; round++) {
      const [one, two] = [await timed(1), await timed(2)];
      console.error(`  ${what}, round ${round} of ${rounds}: one ${seconds(one)}, two ${seconds(two)}`);
      taken.one.push(one);
      taken.two.push(two);
    }
    heading(`${STUDENTS} submissions of ${LAB}, --jobs 1 and ${what} (medians; ${load()})`);
    line('one worker', seconds(median(taken.one)));
    line('two workers', seconds(median(taken.two)));
    const share = ratio(taken.two, taken.one);
    goal('two workers / one worker', times(share), `≤ ${times(GOAL)}`, share <= GOAL);
  }
}
