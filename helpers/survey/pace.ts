/**
 * How fast a front is asked: as fast as it answers, until it refuses a request because there were too many. From then on
 * there is a gap between two requests, longer with every refusal.
 */
import { until } from '../base/wait.ts';
import type { Sample } from './experiment-facts.ts';

/** The least times between the beginnings of two requests. */
const GAPS_MS = [0, 250, 500, 1000, 2000];
/** So many gaps are tried at a front that has not answered otherwise yet: what refuses everybody limits nothing. */
const GAPS_OF_STRANGERS = 2;
/** Gaps are drawn, up to so much longer, so that requests keep no time with anything else. */
const DRAWN = 0.2;

/** Whether a server said that it would answer later: for a limit of requests, or for want of a backend. */
export function isRefusal({ outcome, status }: Sample): boolean {
  return outcome === 'answered' && (status === 429 || status === 503);
}

export class Pace {
  readonly #gaps: number[];
  #level = 0;
  #answers = false;
  #last = -Infinity;
  #queue: Promise<unknown> = Promise.resolve();

  /** @param answers Whether the front has been seen answering. */
  constructor(answers = false, gaps: number[] = GAPS_MS) {
    this.#answers = answers;
    this.#gaps = gaps;
  }

  /** Whether the front has refused requests that were sent faster. */
  get isSlow(): boolean {
    return this.#level > 0;
  }

  /** Waits for one's turn to ask. @returns how slow it is by now, for `seen`. */
  turn(): Promise<number> {
    const turn = this.#queue.then(async () => {
      const gap = (this.#gaps[this.#level] ?? 0) * (1 + Math.random() * DRAWN);
      await until(gap, () => Promise.resolve(performance.now() - this.#last >= gap ? true : undefined));
      this.#last = performance.now();
      return this.#level;
    });
    this.#queue = turn;
    return turn;
  }

  /**
   * Takes note of an answer from a time when nothing was taken away from the application.
   *
   * @returns whether to ask again: it was refused, and can be asked more slowly.
   */
  seen(answer: Sample, turn: number): boolean {
    if (!isRefusal(answer)) {
      this.#answers ||= answer.outcome === 'answered';
      return false;
    }
    const slowest = this.#answers ? this.#gaps.length - 1 : GAPS_OF_STRANGERS;
    // Of several that were sent at the same pace, one makes it slower.
    this.#level = Math.max(this.#level, Math.min(turn + 1, slowest));
    return turn < slowest;
  }
}
