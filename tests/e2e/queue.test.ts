/** The queue by itself: a real Redis, real processes that are killed and stopped; what workers do is written in files. */
import { spawn, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { Queue } from 'bullmq';
import tar from 'tar-stream';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import type { Task } from '../../helpers/run/run.ts';
import { RemoteGrader } from '../../helpers/run/queue/remote-grader.ts';
import { until } from '../../helpers/base/wait.ts';
import { TestRedis } from '../helpers/redis.ts';
import type { Contents } from '../../helpers/submission/contents.ts';

jest.setTimeout(60_000);
const WAIT_MS = 30_000;
const QUEUE = 'labs-of-a-test';

let root: string;
let log: string;
let redis: TestRedis;
let grader: RemoteGrader;
let said: string[];
const workers: FileWorker[] = [];

/** See tests/helpers/queue-worker.ts. */
class FileWorker {
  readonly process: ChildProcess;
  readonly ready: Promise<unknown>;
  readonly ended: Promise<unknown>;
  readonly lines: string[] = [];

  constructor(queue = QUEUE) {
    const program = path.resolve('tests/helpers/queue-worker.ts');
    const args = ['--disable-warning=ExperimentalWarning', program, redis.url, queue, log];
    this.process = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const lines = createInterface({ input: this.process.stdout! });
    lines.on('line', (line) => this.lines.push(line));
    this.ready = once(lines, 'line');
    this.ended = once(this.process, 'exit');
    workers.push(this);
  }

  get name(): string {
    return String(this.process.pid);
  }

  static async start(queue?: string): Promise<FileWorker> {
    const worker = new FileWorker(queue);
    await worker.ready;
    return worker;
  }

  async end(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill('SIGKILL');
    await this.ended;
  }
}

beforeEach(async () => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-queue-test-'));
  log = path.join(root, 'log');
  writeFileSync(log, '');
  said = [];
  redis = await TestRedis.start();
  grader = await opened();
});

afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.end()));
  await grader[Symbol.asyncDispose]();
  await redis[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

function opened(patienceMs?: number): Promise<RemoteGrader> {
  return RemoteGrader.open(redis.url, {
    version: { queue: QUEUE, about: QUEUE },
    out: path.join(root, 'reports'),
    say: (what) => said.push(what),
    watchMs: 200,
    ...(patienceMs === undefined ? {} : { patienceMs }),
  });
}

/** What is in the folder of each task. */
const CONTENTS: Omit<Contents, 'folder'> = { entries: [{ kind: 'file', name: 'behaviour' }], bytes: 0 };
const READ = { texts: [], manifest: { roles: {} }, notes: [] };
let handedIn = 0;
function task(behaviour: string): Task {
  const folder = path.join(root, 'submissions', String(++handedIn), 'a-lab');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'behaviour'), behaviour);
  const lab = { name: 'a-lab', criteria: {} } as GradableLab;
  const student = { name: `student: ${handedIn}`, labs: new Map([['a-lab', folder]]), unknown: [] };
  const contents = { ...CONTENTS, folder };
  return { student, lab, submission: { ...contents, ...READ, handedIn: contents, digest: String(handedIn) } };
}

/** Who began with what, in order. */
function begun(): string[][] {
  return readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' '));
}

/** Grades, and resolves `started` when a worker begins. */
function grading(one: Task): { result: Promise<[string, string | undefined]>; started: Promise<void> } {
  let begin: () => void;
  const started = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const result = grader.grade(one, () => {
    begin();
  });
  return { result: result.then(({ record }) => [record.status, record.message]), started };
}

test('what workers have graded comes back, each from the worker that did it', async () => {
  const tasks = Array.from({ length: 20 }, () => task('passes'));
  const results = tasks.map((each) => grading(each).result);
  const names = [await FileWorker.start(), await FileWorker.start()].map(({ name }) => name);
  for (const [status, by] of await Promise.all(results)) {
    expect(status).toBe('graded');
    expect(names).toContain(by);
  }
  expect(begun()).toHaveLength(20);
  expect(await grading({ ...tasks[0]!, submission: undefined }).result).toEqual(['missing', 'a-lab was not handed in']);
});

test('a worker that is killed in the middle loses nothing: another takes over', async () => {
  const first = await FileWorker.start();
  const { result, started } = grading(task(`waits ${path.join(root, 'go')}`));
  await started;
  await until(WAIT_MS, () => Promise.resolve(begun().length === 1 || undefined));
  await first.end();
  const second = await FileWorker.start();
  await until(WAIT_MS, () => Promise.resolve(begun().length === 2 || undefined));
  writeFileSync(path.join(root, 'go'), '');
  const again = 'graded at the second try: the worker that had begun with it was lost';
  expect(await result).toEqual(['graded', `${second.name}; ${again}`]);
  expect(begun().map(([by]) => by)).toEqual([first.name, second.name]);
});

test('a worker that was only stopped comes too late: its result does not count, and it goes on', async () => {
  const first = await FileWorker.start();
  const { result, started } = grading(task(`waits ${path.join(root, 'go')}`));
  await started;
  await until(WAIT_MS, () => Promise.resolve(begun().length === 1 || undefined));
  first.process.kill('SIGSTOP');
  const second = await FileWorker.start();
  await until(WAIT_MS, () => Promise.resolve(begun().length === 2 || undefined));
  writeFileSync(path.join(root, 'go'), '');
  expect(await result).toEqual(['graded', expect.stringContaining(`${second.name}; graded at the second try`)]);
  await second.end();
  first.process.kill('SIGCONT');
  expect(await grading(task('passes')).result).toEqual(['graded', first.name]);
});

test('a submission that takes its worker down takes down two, and no more; the others are graded', async () => {
  await Promise.all([FileWorker.start(), FileWorker.start(), FileWorker.start()]);
  const poisoned = grading(task('dies'));
  const others = Array.from({ length: 6 }, () => grading(task('passes')).result);
  expect(await poisoned.result).toEqual(['error', expect.stringContaining('were lost, one after another')]);
  expect((await Promise.all(others)).map(([status]) => status)).toEqual(others.map(() => 'graded'));
  const dead = workers.filter(({ process }) => process.signalCode === 'SIGKILL');
  expect([dead.length, begun().filter(([, , behaviour]) => behaviour === 'dies').length]).toEqual([2, 2]);
});

test('what a machine could not grade is tried once more', async () => {
  const { name } = await FileWorker.start();
  expect(await grading(task('fails')).result).toEqual(['error', `${name}; tried at the second try: ${name}`]);
  expect(begun()).toHaveLength(2);
});

test('what is graded at the second try is graded, and says so', async () => {
  const { name } = await FileWorker.start();
  const { result } = grading(task(`fails-once ${path.join(root, 'failed')}`));
  expect(await result).toEqual(['graded', `${name}; graded at the second try: ${name}`]);
  expect(begun()).toHaveLength(2);
});

test('a machine that is out of order stops taking labs', async () => {
  const broken = await FileWorker.start();
  const results = Array.from({ length: 4 }, () => grading(task(`fails-here ${broken.name}`)).result);
  await broken.ended;
  expect(broken.lines).toEqual(['ready', 'it is broken']);
  const whole = await FileWorker.start();
  expect(await Promise.all(results)).toContainEqual(['graded', whole.name]);
});

test('a Redis that was started again with nothing in it is given everything again', async () => {
  const results = Array.from({ length: 3 }, () => grading(task('passes')).result);
  await redis.forgetEverything();
  const worker = await FileWorker.start();
  expect(await Promise.all(results)).toEqual(results.map(() => ['graded', worker.name]));
  expect(begun()).toHaveLength(3);
});

test('a parcel that was changed on its way is not graded', async () => {
  const { result } = grading(task('passes'));
  const client = redis.client();
  const key = await until(WAIT_MS, async () => (await client.keys('netgrade:parcel:*'))[0]);
  await client.set(key!, Buffer.from('something else'));
  client.disconnect();
  await FileWorker.start();
  expect(await result).toEqual(['error', expect.stringContaining('did not arrive as it was sent')]);
  expect(begun()).toEqual([]);
});

test('workers of another version do not take a lab, and whoever waits for one is told', async () => {
  await grader[Symbol.asyncDispose]();
  await FileWorker.start('labs-of-another-version');
  grader = await opened(1000);
  const [status, message] = await grading(task('passes')).result;
  expect([status, message]).toEqual(['error', expect.stringMatching(/no worker of this version \(labs-of-a-test\)/)]);
  expect(said.at(-1)).toContain('labs-of-another-version, on');
  expect(begun()).toEqual([]);
});

test('what nobody has begun with does not stay in the queue when the grader leaves', async () => {
  void grading(task('passes')).result;
  const client = redis.client();
  const key = `netgrade:${QUEUE}:wait`;
  expect(await until(WAIT_MS, async () => (await client.llen(key)) || undefined)).toBe(1);
  await grader[Symbol.asyncDispose]();
  expect(await client.llen(key)).toBe(0);
  client.disconnect();
  expect(existsSync(path.join(root, 'reports/.queue-run'))).toBe(false);
  grader = await opened();
});

test('a Redis that goes away in the middle and stays away: it is said, and nobody loses a point', async () => {
  await grader[Symbol.asyncDispose]();
  grader = await opened(1000);
  const { result } = grading(task('passes'));
  await redis.end();
  expect(await result).toEqual(['error', 'Redis does not answer; waiting for it …']);
  expect(said).toContain('Redis does not answer; waiting for it …');
  // Whoever comes later is not kept waiting, and the next run finds what workers may have sent meanwhile.
  expect((await grading(task('passes')).result)[0]).toBe('error');
  await grader[Symbol.asyncDispose]();
  expect(existsSync(path.join(root, 'reports/.queue-run'))).toBe(true);
});

test('submissions that nobody can grade put no worker out of order, however many there are', async () => {
  const worker = await FileWorker.start();
  const poisoned = Array.from({ length: 4 }, () => grading(task('fails')).result);
  expect((await Promise.all(poisoned)).map(([status]) => status)).toEqual(poisoned.map(() => 'error'));
  expect(await grading(task('passes')).result).toEqual(['graded', worker.name]);
  expect(worker.lines).toEqual(['ready']);
});

test('what somebody else wrote into Redis stays in the worker’s own folder, and the worker goes on', async () => {
  const worker = await FileWorker.start();
  const outside = path.join(os.tmpdir(), `netgrade-planted-${process.pid}`);
  const pack = tar.pack();
  pack.entry({ name: `../../../../${outside}` }, 'planted');
  pack.entry({ name: 'submission/behaviour' }, 'passes');
  pack.finalize();
  const content = gzipSync(await buffer(pack));
  const parcel = createHash('sha256').update(content).digest('hex');
  const client = redis.client();
  const queue = new Queue(QUEUE, { connection: client, prefix: 'netgrade' });
  await client.set(`netgrade:parcel:../run:${parcel}`, content);
  await client.set('netgrade:worker:somebody', '{"machine": "\\u001b[2J", "jobs": "many"}');
  const strange = { run: '../run', student: '../../etc/passwd', lab: '../../../etc', parcel };
  const jobs = [strange, { ...strange, parcel: '../..' }, {}, null].map((data, i) =>
    queue.add('strange', data, { jobId: `strange-${i}` }),
  );
  await Promise.all(jobs);
  const failed = await until(WAIT_MS, async () => ((await queue.getFailedCount()) === 4 ? true : undefined));
  expect(failed).toBe(true);
  expect((await queue.getJob('strange-0'))?.failedReason).toContain('outside of itself');
  expect([existsSync(outside), begun()]).toEqual([false, []]);
  expect(await grading(task('passes')).result).toEqual(['graded', worker.name]);
  await queue.close();
  client.disconnect();
});

test('a result of what was handed in before is not taken for what is handed in now', async () => {
  const worker = await FileWorker.start();
  const one = task(`waits ${path.join(root, 'go')}`);
  const { started } = grading(one);
  await started;
  await grader[Symbol.asyncDispose]();
  expect(existsSync(path.join(root, 'reports/.queue-run'))).toBe(true);
  writeFileSync(path.join(one.student.labs.get('a-lab') as string, 'behaviour'), 'passes');
  writeFileSync(path.join(root, 'go'), '');
  grader = await opened();
  expect(await grading(one).result).toEqual(['graded', worker.name]);
  expect(begun().map(([, , behaviour]) => behaviour)).toEqual(['waits', 'passes']);
});
