/** Watches whether there are workers for a queue. */
import type { Redis } from 'ioredis';
import { inTime } from '../../base/wait.ts';
import { inert } from '../../report/terminal.ts';
import type { Version } from './job.ts';
import { workersOn } from './presence.ts';

const WATCH_MS = 5000;
/** If there is no worker, or no Redis, for this long, the run gives up. */
const PATIENCE_MS = 300_000;

export interface Watcher {
  /** Called repeatedly with the number of labs that all workers take at a time, while there are workers. */
  places: (count: number) => Promise<void>;
  /** Called once, with the reason, when the watch gives up. */
  gaveUp: (why: string) => void;
  /** Prints a message for the user. */
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

  /** @param version Only workers of this version count. */
  constructor(redis: Redis, version: Version, watcher: Watcher, { watchMs, patienceMs }: WatchTimes) {
    this.#redis = redis;
    this.#version = version;
    this.#watcher = watcher;
    this.#patienceMs = patienceMs ?? PATIENCE_MS;
    // A look may take longer than the interval, if Redis does not answer.
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
    // The text contains machines' names from Redis, so it is made inert.
    if (this.#said !== why) this.#watcher.say(inert(why));
    this.#said = why;
    if (performance.now() - this.#lastSign >= this.#patienceMs) this.#watcher.gaveUp(why);
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
