/** A worker: takes labs out of the queue, grades them on this machine, sends the results back. */
import os from 'node:os';
import { Worker, type Job } from 'bullmq';
import type { Redis } from 'ioredis';
import { InfrastructureError } from '../../base/failure.ts';
import { inOwnFolder } from '../../machine/lab-host/own-files.ts';
import { packSurvey } from '../../survey/survey-file.ts';
import type { Graded } from '../lab-task.ts';
import { ofLastTry } from '../record-stage.ts';
import { parcelKey, PREFIX, TAKEN_OVER, TRIES, type LabJob, type LabResult, type Version } from './job.ts';
import { unpackParcel } from './parcel.ts';
import { announce } from './presence.ts';

/** If a worker's process shows no sign of life for this long, other workers take its labs. */
const LOCK_MS = 15_000;
/** A machine on which this many labs in a row could not be graded may be out of order, and must not empty the queue. */
const ERRORS_IN_A_ROW = 3;

export interface WorkerOptions {
  version: Version;
  jobs: number;
  /** Grades a folder here. */
  grade: (lab: string, folder: string) => Promise<Graded>;
  /**
   * Tests whether this machine can still grade, after some errors in a row. The submissions may have been the cause: a
   * bad submission must not shut down one worker after another.
   *
   * @returns why it cannot; undefined if it can.
   */
  outOfOrder: () => Promise<string | undefined>;
  /** Called with each result. `final` is false if the lab is tried again. */
  done?: (job: LabJob, result: Pick<Graded, 'record'>, final: boolean) => void;
  lockMs?: number;
}

export class LabWorker implements AsyncDisposable {
  /** Resolves with the reason when the worker gives up by itself; otherwise never. */
  readonly outOfOrder: Promise<string>;
  readonly #worker: Worker<LabJob, LabResult>;
  readonly #redis: Redis;
  /** A connection for BullMQ. We close it, because BullMQ does not. */
  readonly #connection: Redis;
  readonly #options: WorkerOptions;
  #presence: AsyncDisposable | undefined;
  #errors = 0;
  #giveUp!: (why: string) => void;

  private constructor(redis: Redis, options: WorkerOptions) {
    this.#redis = redis;
    this.#connection = redis.duplicate();
    this.#options = options;
    this.outOfOrder = new Promise((resolve) => {
      this.#giveUp = resolve;
    });
    const { lockMs = LOCK_MS } = options;
    this.#worker = new Worker<LabJob, LabResult>(options.version.queue, (job) => this.#process(job), {
      connection: this.#connection,
      prefix: PREFIX,
      concurrency: options.jobs,
      lockDuration: lockMs,
      stalledInterval: lockMs,
      maxStalledCount: TAKEN_OVER,
    });
    // Errors need no action: a lost connection is made again, and a job that was taken over belongs to the other
    // worker.
    this.#worker.on('error', () => undefined);
  }

  /** Starts to take labs, and announces the worker. */
  static async start(redis: Redis, options: WorkerOptions): Promise<LabWorker> {
    const worker = new LabWorker(redis, options);
    await worker.#worker.waitUntilReady();
    const { version, jobs } = options;
    worker.#presence = await announce(redis, { machine: os.hostname(), ...version, jobs });
    return worker;
  }

  #process(job: Job<LabJob, LabResult>): Promise<LabResult> {
    return inOwnFolder(async (folder) => {
      const { lab, parcel: digest } = job.data;
      const content = await this.#redis.getBuffer(parcelKey(job.data));
      if (content === null) throw new InfrastructureError('the submission is no longer in the queue; run again');
      const unpacked = await unpackParcel({ digest, content }, folder);
      return this.#judged(job, await this.#options.grade(lab, unpacked));
    });
  }

  /** @throws {InfrastructureError} when it was not the student's fault, and another try is left. */
  async #judged(job: Job<LabJob, LabResult>, { survey, ...result }: Graded): Promise<LabResult> {
    const failed = result.record.status === 'error';
    this.#errors = failed ? this.#errors + 1 : 0;
    const why = result.record.message ?? '';
    if (this.#errors >= ERRORS_IN_A_ROW) await this.#doubt();
    const final = !failed || job.attemptsMade + 1 >= TRIES;
    this.#options.done?.(job.data, result, final);
    if (!final) throw new InfrastructureError(why);
    const packed = survey && packSurvey(job.data.lab, survey).toString('base64');
    return {
      ...result,
      record: ofLastTry(result.record, lossesOf(job)),
      ...(packed !== undefined && { survey: packed }),
    };
  }

  /**
   * Tests this machine. The lab that caused the test waits for it, so that this machine takes one lab less in that
   * time.
   */
  async #doubt(): Promise<void> {
    this.#errors = 0;
    const why = await this.#options.outOfOrder();
    if (why !== undefined) this.#giveUp(why);
  }

  /** Takes no more labs, and ends when those that it has begun are graded. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#presence?.[Symbol.asyncDispose]();
    await this.#worker.close();
    for (const each of [this.#connection, this.#redis]) each.disconnect();
  }
}

/** Why this is not the first try, if it is not. */
function lossesOf({ attemptsMade, stalledCounter, failedReason }: Job<LabJob, LabResult>): string[] {
  return [
    ...Array.from({ length: stalledCounter }, () => 'the worker that had begun with it was lost'),
    ...Array.from({ length: attemptsMade }, () => failedReason || 'another worker could not grade it'),
  ];
}
