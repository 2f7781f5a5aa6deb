/** Watches whether anybody is there to grade what waits in a queue. */
import type { Redis } from 'ioredis';
import { inTime } from '../../base/wait.ts';
import { inert } from '../../report/terminal.ts';
import type { Version } from './line.ts';
import { workersOn } from './presence.ts';

const WATCH_MS = 5000;
/** Without a single worker, or without Redis, for this long, nobody waits any longer. */
const PATIENCE_MS = 300_000;

export interface Watcher {
  /** Told how many labs at a time the workers take, again and again while there are any. */
  places: (count: number) => Promise<void>;
  /** Told once why nothing will be graded. */
  gaveUp: (why: string) => void;
  /** What the person at the keyboard should know. */
  say: (what: string) => void;
}

export interface WatchTimes {
  watchMs?: number | undefined;
  patienceMs?: number | undefined;
}

export class WorkerWatch implements Disposable {
  readonly #redis: Redis;
  readonly #version: Version;
  readonly #watcher: Watcher;
  readonly #patienceMs: number;
  readonly #timer: NodeJS.Timeout;
  #lastSign = performance.now();
  #said = '';

  /** @param version Workers of another one take other queues. */
  constructor(redis: Redis, version: Version, watcher: Watcher, { watchMs, patienceMs }: WatchTimes) {
    this.#redis = redis;
    this.#version = version;
    this.#watcher = watcher;
    this.#patienceMs = patienceMs ?? PATIENCE_MS;
    // A look takes longer than that where Redis does not answer.
    let looking = false;
    this.#timer = setInterval(() => {
      if (looking) return;
      looking = true;
      void this.look().finally(() => {
        looking = false;
      });
    }, watchMs ?? WATCH_MS);
  }

  async look(): Promise<void> {
    const workers = await inTime(workersOn(this.#redis), WATCH_MS).catch(() => undefined); // said below
    if (workers === undefined) {
      this.#missing('Redis does not answer; waiting for it …');
      return;
    }
    const { queue, about } = this.#version;
    const places = workers.reduce((sum, worker) => sum + (worker.queue === queue ? worker.jobs : 0), 0);
    if (places === 0) {
      const others = [...new Set(workers.map((worker) => `${worker.about}, on ${worker.machine}`))];
      const strangers = others.length === 0 ? '' : `; those that are there are others (${others.join('; ')})`;
      this.#missing(
        `no worker of this version (${about}) is there${strangers}: start one with the same checkout, \`npm run worker -- --queue …\``,
      );
      return;
    }
    this.#lastSign = performance.now();
    this.#said = '';
    await this.#watcher.places(places).catch(() => undefined); // the next look tries again
  }

  #missing(why: string): void {
    // It has names of machines in it that stood in Redis.
    if (this.#said !== why) this.#watcher.say(inert(why));
    this.#said = why;
    if (performance.now() - this.#lastSign >= this.#patienceMs) this.#watcher.gaveUp(why);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
