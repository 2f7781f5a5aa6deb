/** Watches whether an engine still answers. Without that, a run would wait for ever for an engine that has died. */
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../../base/failure.ts';

export interface WatchOptions {
  /** Time between two questions. */
  everyMs?: number;
  /** How long an answer may take. It is long, because the engine of a busy machine is slow. */
  answerMs?: number;
  /** After so many questions in a row without an answer, the engine counts as gone. */
  misses?: number;
}

const EVERY_MS = 5_000;
const ANSWER_MS = 15_000;
const MISSES = 3;

export class EngineWatch implements Disposable {
  /** Resolves with the reason when the engine is gone; never if it stays. */
  readonly gone: Promise<string>;
  readonly #ended = new AbortController();

  /** @param ping Asks the engine something that it answers at once. */
  constructor(ping: () => Promise<unknown>, options: WatchOptions = {}) {
    const { everyMs = EVERY_MS, answerMs = ANSWER_MS, misses = MISSES } = options;
    this.gone = new Promise((resolve) => {
      void this.#watch({ ping, everyMs, answerMs, misses }).then(
        (why) => {
          resolve(why);
        },
        () => undefined, // the watch was ended
      );
    });
  }

  async #watch(how: Required<WatchOptions> & { ping: () => Promise<unknown> }): Promise<string> {
    let missed = 0;
    for (;;) {
      await delay(how.everyMs, undefined, { signal: this.#ended.signal, ref: false });
      const why = await answerOf(how.ping, how.answerMs);
      missed = why === undefined ? 0 : missed + 1;
      if (why !== undefined && missed >= how.misses) return why;
    }
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
  }
}

/** @returns why there was no answer; undefined when there was one. */
async function answerOf(ping: () => Promise<unknown>, answerMs: number): Promise<string | undefined> {
  const asked = ping().then(() => undefined, reasonOf);
  return Promise.race([asked, delay(answerMs, `no answer in ${answerMs / 1000} s`, { ref: false })]);
}
