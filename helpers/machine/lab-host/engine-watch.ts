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

/** What a connection's error code means for somebody who knows Docker. */
const MEANINGS: Record<string, string> = {
  ENOENT: 'its socket is gone',
  ECONNREFUSED: 'nothing listens on its socket',
  ECONNRESET: 'it broke off the connection',
};

export class EngineWatch implements Disposable {
  /** Resolves with the reason when the engine is gone; never if it stays. */
  readonly gone: Promise<string>;
  readonly #how: Required<WatchOptions> & { ping: () => Promise<unknown> };
  readonly #ended = new AbortController();

  /** @param ping Asks the engine something that it answers at once. */
  constructor(ping: () => Promise<unknown>, options: WatchOptions = {}) {
    const { everyMs = EVERY_MS, answerMs = ANSWER_MS, misses = MISSES } = options;
    this.#how = { ping, everyMs, answerMs, misses };
    this.gone = new Promise((resolve) => {
      this.#watch().then(resolve, () => undefined); // the watch was ended
    });
  }

  /**
   * Waits until it is known whether the engine is there: one that was only started anew answers soon.
   *
   * @returns `there` if it answered at once, `back` if it was away for a while.
   */
  async state(): Promise<'there' | 'back' | 'gone'> {
    let state: 'there' | 'back' = 'there';
    const gone = this.gone.then(() => 'gone' as const);
    while ((await answerOf(this.#how.ping, this.#how.answerMs)) !== undefined) {
      state = 'back';
      if (this.#ended.signal.aborted) return 'there'; // nobody waits for it any more
      if ((await Promise.race([gone, delay(this.#how.everyMs, undefined, { ref: false })])) === 'gone') return 'gone';
    }
    return state;
  }

  async #watch(): Promise<string> {
    const { ping, everyMs, answerMs, misses } = this.#how;
    let missed = 0;
    for (;;) {
      await delay(everyMs, undefined, { signal: this.#ended.signal, ref: false });
      const why = await answerOf(ping, answerMs);
      missed = why === undefined ? 0 : missed + 1;
      if (why !== undefined && missed >= misses) return why;
    }
  }

  [Symbol.dispose](): void {
    this.#ended.abort();
  }
}

/** @returns why there was no answer; undefined when there was one. */
async function answerOf(ping: () => Promise<unknown>, answerMs: number): Promise<string | undefined> {
  const asked = ping().then(() => undefined, meaningOf);
  return Promise.race([asked, delay(answerMs, `no answer in ${answerMs / 1000} s`, { ref: false })]);
}

function meaningOf(error: unknown): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  return MEANINGS[code] ?? reasonOf(error);
}
