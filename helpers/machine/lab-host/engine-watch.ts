/** Whether an engine still answers at all: whoever waits for one that does not would wait for ever. */
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../../base/failure.ts';

export interface WatchOptions {
  /** Between two questions. */
  everyMs?: number;
  /** So long an answer may take: the engine of a busy machine is slow, too. */
  answerMs?: number;
  /** So many questions in a row without an answer, and the engine is gone. */
  misses?: number;
}

const EVERY_MS = 5_000;
const ANSWER_MS = 15_000;
const MISSES = 3;

export class EngineWatch implements Disposable {
  /** Resolves when the engine is gone, with why; or never. */
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
        () => undefined, // it was ended
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
