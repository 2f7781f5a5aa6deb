/** Grades on other machines: each lab goes into the queue, a worker takes it, its result comes back. */
import { Queue, QueueEvents, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { InfrastructureError, reasonOf } from '../failure.ts';
import type { GradableLab } from '../grading/catalogue.ts';
import { notHandedIn, type Graded } from '../grading/grade-lab.ts';
import type { LabGrader, Task } from '../grading/run.ts';
import { failedLab } from '../report/recording.ts';
import { KEPT_SECONDS, parcelKey, PREFIX, TRIES, type LabJob, type LabResult, type Version } from './line.ts';
import { packParcel } from './parcel.ts';
import { workersOn } from './presence.ts';
import { connect } from './redis.ts';
import { forgetRun, runName } from './run-name.ts';

/** Labs that are in the queue at a time: enough for any number of workers, and a bound on what Redis holds. */
const IN_QUEUE = 500;
const WATCH_MS = 5000;
/** Without a single worker, or without Redis, for this long, the run ends. */
const PATIENCE_MS = 300_000;

type LabQueue = Queue<LabJob, LabResult>;

interface Waiting {
  id: string;
  data: LabJob;
  folder: string;
  started: () => void;
  resolve: (result: LabResult) => void;
  reject: (error: Error) => void;
}

export interface RemoteOptions {
  version: Version;
  /** Where the run's reports are: who continues a run there finds the results that came in meanwhile. */
  out: string;
  /** What the person at the keyboard should know. */
  say: (what: string) => void;
  watchMs?: number;
  patienceMs?: number;
}

export class RemoteGrader implements LabGrader, AsyncDisposable {
  readonly live = false;
  readonly jobs = IN_QUEUE;
  /** One for commands, and one that waits for events; BullMQ does not close what it is given. */
  readonly #connections: [Redis, Redis];
  readonly #queue: LabQueue;
  readonly #events: QueueEvents;
  readonly #options: RemoteOptions;
  readonly #run: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #watch: NodeJS.Timeout;
  #lastSign = performance.now();
  #said = '';

  private constructor(
    {
      connections,
      queue,
      events,
      run,
    }: { connections: [Redis, Redis]; queue: LabQueue; events: QueueEvents; run: string },
    options: RemoteOptions,
  ) {
    this.#connections = connections;
    this.#queue = queue;
    this.#events = events;
    this.#run = run;
    this.#options = options;
    events.on('active', ({ jobId }) => this.#waiting.get(jobId)?.started());
    events.on('completed', ({ jobId }) => void this.#take(jobId));
    events.on('failed', ({ jobId }) => void this.#take(jobId));
    queue.on('error', () => undefined); // #look says so when it lasts
    events.on('error', () => undefined);
    let looking = Promise.resolve();
    this.#watch = setInterval(() => {
      looking = looking.then(() => this.#look());
    }, options.watchMs ?? WATCH_MS);
  }

  /** @throws {InfrastructureError} when no Redis answers. */
  static async open(url: string, options: RemoteOptions): Promise<RemoteGrader> {
    const redis = await connect(url);
    const { queue: name } = options.version;
    const queue: LabQueue = new Queue(name, { connection: redis, prefix: PREFIX });
    const listening = redis.duplicate();
    const events = new QueueEvents(name, { connection: listening, prefix: PREFIX });
    await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
    const grader = new RemoteGrader(
      { connections: [redis, listening], queue, events, run: await runName(options.out) },
      options,
    );
    await grader.#look();
    return grader;
  }

  async grade({ student, lab }: Task, started: () => void): Promise<Graded> {
    const folder = student.labs.get(lab.name);
    if (folder === undefined) return notHandedIn(lab);
    try {
      return await this.#send(student.name, lab, folder, started);
    } catch (error) {
      return { record: failedLab(lab, reasonOf(error), 0) };
    }
  }

  async #send(student: string, { name: lab }: GradableLab, folder: string, started: () => void): Promise<LabResult> {
    // No colon is allowed in a job's id, and a student's name may have one.
    const id = [this.#run, Buffer.from(student).toString('base64url'), lab].join('.');
    const { digest, content } = await packParcel(folder);
    return new Promise((resolve, reject) => {
      const waiting = { id, data: { student, lab, parcel: digest }, folder, started, resolve, reject };
      this.#waiting.set(id, waiting);
      this.#handIn(waiting, content).catch(reject);
    });
  }

  /** A job that is there already, from before this run was continued, stays as it is, with its result. */
  async #handIn({ id, data }: Waiting, content: Buffer): Promise<void> {
    await this.#connections[0].set(parcelKey(data.parcel), content, 'EX', KEPT_SECONDS);
    const kept = { age: KEPT_SECONDS };
    await this.#queue.add(data.lab, data, {
      jobId: id,
      attempts: TRIES,
      removeOnComplete: kept,
      removeOnFail: kept,
    });
    await this.#take(id);
  }

  /** Takes a job's result, if it has one. */
  async #take(id: string): Promise<void> {
    const waiting = this.#waiting.get(id);
    if (waiting === undefined) return;
    const job = await this.#queue.getJob(id);
    if (job?.finishedOn === undefined || !this.#waiting.delete(id)) return;
    if (job.failedReason) waiting.reject(new InfrastructureError(whyLost(job)));
    else waiting.resolve(job.returnvalue);
    await job.remove().catch(() => undefined); // its age will
  }

  /** Sees whether anybody is there to grade, and whether what was handed in still is. */
  async #look(): Promise<void> {
    const workers = await inTime(workersOn(this.#connections[0]), WATCH_MS).catch(() => undefined);
    if (workers === undefined) {
      this.#missing('Redis does not answer; waiting for it …');
      return;
    }
    const { version } = this.#options;
    if (!workers.some(({ queue }) => queue === version.queue)) {
      const others = [...new Set(workers.map(({ about, machine }) => `${about}, on ${machine}`))];
      const strangers = others.length === 0 ? '' : `; those that are there are others (${others.join('; ')})`;
      this.#missing(
        `no worker of this version (${version.about}) is there${strangers}: start one with the same checkout, \`npm run worker -- --queue …\``,
      );
      return;
    }
    this.#lastSign = performance.now();
    this.#said = '';
    await this.#handInLost().catch(() => undefined);
  }

  /** Redis may have been started again with nothing in it. */
  async #handInLost(): Promise<void> {
    for (const waiting of this.#waiting.values()) {
      const state = await this.#queue.getJobState(waiting.id);
      if (state === 'unknown') await this.#handIn(waiting, (await packParcel(waiting.folder)).content);
      else if (state === 'completed' || state === 'failed') await this.#take(waiting.id);
    }
  }

  #missing(why: string): void {
    if (this.#said !== why) this.#options.say(why);
    this.#said = why;
    const { patienceMs = PATIENCE_MS } = this.#options;
    if (performance.now() - this.#lastSign < patienceMs) return;
    for (const { reject } of this.#waiting.values()) reject(new InfrastructureError(why));
    this.#waiting.clear();
  }

  /** What nobody has begun with is taken out of the queue again. */
  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#watch);
    const ids = [...this.#waiting.keys()];
    this.#waiting.clear();
    await Promise.allSettled(ids.map((id) => inTime(this.#queue.remove(id), WATCH_MS)));
    await inTime(Promise.all([this.#events.close(), this.#queue.close()]), WATCH_MS).catch(() => undefined);
    for (const each of this.#connections) each.disconnect();
    await forgetRun(this.#options.out);
  }
}

/** BullMQ says "job stalled more than allowable limit" of one whose workers went away. */
function whyLost({ failedReason }: Job<LabJob, LabResult>): string {
  return failedReason.includes('stalled')
    ? 'the workers that graded it were lost, one after another: it may be what takes them down. Look at it alone, with --jobs 1'
    : failedReason;
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new InfrastructureError(`no answer in ${ms / 1000} s`));
    }, ms);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}
