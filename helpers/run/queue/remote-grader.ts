/** Grades on other machines: each lab goes into the queue, a worker takes it, its result comes back. */
import { Queue, QueueEvents, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import type { GradableLab } from '../../lab/catalogue.ts';
import { notHandedIn } from '../grade-lab.ts';
import { type Graded } from '../lab-task.ts';
import type { LabGrader, Task } from '../run.ts';
import { failedLab } from '../../report/recording.ts';
import type { Submission } from '../../submission/submission.ts';
import { inTime } from '../../base/wait.ts';
import {
  EVENTS_KEPT,
  KEPT_SECONDS,
  parcelKey,
  PREFIX,
  TRIES,
  type LabJob,
  type LabResult,
  type Version,
} from './job.ts';
import { packParcel } from './parcel.ts';
import { connect } from './redis.ts';
import { checkedResult } from './result.ts';
import { TaskLimit } from './task-limit.ts';
import { forgetRun, runName } from './run-name.ts';
import { WorkerWatch, type WatchTimes } from './worker-watch.ts';

/**
 * The most jobs that a run has in Redis. For each lab that is being graded, one more waits there, so that no worker is
 * idle. More would only delay the jobs of other graders.
 */
const MOST_IN_QUEUE = 500;
const LEAST_IN_QUEUE = 16;
const EACH_PLACE = 2;
const BYTES_IN_QUEUE = 256 * 1024 * 1024;
const CLOSE_MS = 5000;

type LabQueue = Queue<LabJob, LabResult>;

interface Waiting {
  id: string;
  data: LabJob;
  lab: GradableLab;
  submission: Submission;
  started: () => void;
  resolve: (result: Graded) => void;
  reject: (error: Error) => void;
}

export interface RemoteOptions extends WatchTimes {
  version: Version;
  /** The folder of the run's reports. A run that is continued there finds the results that have come in since. */
  out: string;
  /** Prints a message for the user. */
  say: (what: string) => void;
}

export class RemoteGrader implements LabGrader, AsyncDisposable {
  readonly live = false;
  readonly jobs = MOST_IN_QUEUE;
  /** One connection for commands, and one that waits for events. We close them, because BullMQ does not. */
  readonly #connections: [Redis, Redis];
  readonly #queue: LabQueue;
  readonly #events: QueueEvents;
  readonly #options: RemoteOptions;
  readonly #run: string;
  readonly #waiting = new Map<string, Waiting>();
  readonly #limit = new TaskLimit({ places: LEAST_IN_QUEUE, bytes: BYTES_IN_QUEUE });
  /** Jobs whose results are not yet on disk, by student and lab. They stay in Redis until then, in case the run is killed. */
  readonly #unrecorded = new Map<string, string[]>();
  /** How many waiting jobs use each parcel. */
  readonly #parcels = new Map<string, number>();
  readonly #watch: WorkerWatch;
  #gaveUp: string | undefined;
  #forgetting: Promise<unknown> = Promise.resolve();

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
    const take = ({ jobId }: { jobId: string }): void => {
      this.#take(jobId).catch(() => undefined); // all jobs are looked at again later
    };
    events.on('completed', take).on('failed', take);
    queue.on('error', () => undefined); // the worker watch reports it if it lasts
    events.on('error', () => undefined);
    const watcher = {
      say: options.say,
      places: (count: number) => this.#makeRoom(count),
      gaveUp: (why: string) => {
        this.#giveUp(why);
      },
    };
    this.#watch = new WorkerWatch(connections[0], options.version, watcher, options);
  }

  /** @throws {InfrastructureError} when no Redis answers. */
  static async open(url: string, options: RemoteOptions): Promise<RemoteGrader> {
    const redis = await connect(url);
    const { queue: name } = options.version;
    const streams = { events: { maxLen: EVENTS_KEPT } };
    const queue: LabQueue = new Queue(name, { connection: redis, prefix: PREFIX, streams });
    const listening = redis.duplicate();
    const events = new QueueEvents(name, { connection: listening, prefix: PREFIX });
    await Promise.all([queue.waitUntilReady(), events.waitUntilReady()]);
    const grader = new RemoteGrader(
      { connections: [redis, listening], queue, events, run: await runName(options.out) },
      options,
    );
    await grader.#watch.look();
    return grader;
  }

  async grade({ student, lab, submission }: Task, started: () => void): Promise<Graded> {
    if (submission === undefined) return notHandedIn(lab);
    try {
      return await this.#limit.through(submission.handedIn.bytes, () =>
        this.#send(student.name, lab, submission, started),
      );
    } catch (error) {
      return { record: failedLab(lab, reasonOf(error), 0) };
    }
  }

  recorded(student: string, lab: string): void {
    const ids = this.#unrecorded.get(`${student}/${lab}`) ?? [];
    this.#unrecorded.delete(`${student}/${lab}`);
    // What cannot be removed now expires in Redis.
    const removed = ids.map((id) => this.#queue.remove(id));
    this.#forgetting = Promise.allSettled([this.#forgetting, ...removed]);
  }

  async #send(student: string, lab: GradableLab, submission: Submission, started: () => void): Promise<Graded> {
    if (this.#gaveUp !== undefined) throw new InfrastructureError(this.#gaveUp);
    const { digest, content } = await packParcel(submission.handedIn);
    // A job's id must not contain a colon, so the student's name is encoded. Changed files make another job.
    const id = [this.#run, Buffer.from(student).toString('base64url'), lab.name, digest].join('.');
    const data = { run: this.#run, student, lab: lab.name, parcel: digest };
    const result = new Promise<Graded>((resolve, reject) => {
      const waiting = { id, data, lab, submission, started, resolve, reject };
      this.#waiting.set(id, waiting);
      this.#handIn(waiting, content).catch(reject);
    });
    const key = parcelKey(data);
    this.#parcels.set(key, (this.#parcels.get(key) ?? 0) + 1);
    return result.finally(() => {
      this.#dropParcel(key);
    });
  }

  #dropParcel(key: string): void {
    const others = (this.#parcels.get(key) ?? 1) - 1;
    if (others > 0) this.#parcels.set(key, others);
    else {
      this.#parcels.delete(key);
      this.#connections[0].del(key).catch(() => undefined); // it expires in Redis
    }
  }

  /** Hands a job in. If the job exists from before this run was continued, it stays as it is, with its result. */
  async #handIn({ id, data }: Waiting, content: Buffer): Promise<void> {
    await this.#connections[0].set(parcelKey(data), content, 'EX', KEPT_SECONDS);
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
    const key = `${waiting.data.student}/${waiting.data.lab}`;
    this.#unrecorded.set(key, [...(this.#unrecorded.get(key) ?? []), id]);
    try {
      // The reason of an earlier try stays in the job, even if a later try has a result.
      if (!hasResult(job)) throw new InfrastructureError(whyLost(job));
      waiting.resolve(checkedResult(waiting.lab, job.returnvalue));
    } catch (error) {
      waiting.reject(error as Error);
    }
  }

  async #makeRoom(places: number): Promise<void> {
    this.#limit.places = Math.min(Math.max(EACH_PLACE * places, LEAST_IN_QUEUE), MOST_IN_QUEUE);
    await this.#handInLost();
  }

  /** Hands lost jobs in again: Redis may have been restarted without its data. */
  async #handInLost(): Promise<void> {
    for (const waiting of [...this.#waiting.values()]) {
      const state = await this.#queue.getJobState(waiting.id);
      if (!this.#waiting.has(waiting.id)) continue; // its result has come in since
      if (state === 'unknown') await this.#handIn(waiting, (await packParcel(waiting.submission.handedIn)).content);
      else if (state === 'completed' || state === 'failed') await this.#take(waiting.id);
    }
  }

  #giveUp(why: string): void {
    this.#gaveUp = why;
    for (const { reject } of this.#waiting.values()) reject(new InfrastructureError(why));
  }

  /** Takes jobs that no worker has begun out of the queue; the next run finds the others there. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]();
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    const removed = await Promise.allSettled(waiting.map((each) => inTime(this.#takeOut(each), CLOSE_MS)));
    const nothingLeft = removed.every((each) => each.status === 'fulfilled' && each.value);
    // A Redis that does not answer keeps nobody from leaving: what stays there goes when it is too old.
    await inTime(this.#forgetting, CLOSE_MS).catch(() => undefined);
    await inTime(Promise.all([this.#events.close(), this.#queue.close()]), CLOSE_MS).catch(() => undefined);
    for (const each of this.#connections) each.disconnect();
    if (nothingLeft && this.#unrecorded.size === 0) await forgetRun(this.#options.out);
  }

  /** @returns false when a worker has it. */
  async #takeOut({ id, data }: Waiting): Promise<boolean> {
    if ((await this.#queue.remove(id)) !== 1) return false;
    await this.#connections[0].del(parcelKey(data));
    return true;
  }
}

/** Without a result, `returnvalue` is null; BullMQ's types do not say so. */
function hasResult({ returnvalue }: { returnvalue: unknown }): boolean {
  return returnvalue !== null && returnvalue !== undefined;
}

/** Why a job was lost. BullMQ's "job stalled more than allowable limit" means that its workers were lost. */
function whyLost({ failedReason }: Job<LabJob, LabResult>): string {
  return failedReason.includes('stalled')
    ? 'the workers that graded it were lost, one after another: it may be what takes them down. Look at it alone, with --jobs 1'
    : failedReason;
}
