/** Waiting for a condition, with a deadline: the only way anything here waits. */
import { setTimeout as delay } from 'node:timers/promises';
import { InfrastructureError } from './failure.ts';

const POLL_MS = 40;

/**
 * Looks again and again until `look` returns something.
 *
 * @returns what it returned, or undefined when the deadline passed first.
 */
export async function until<T>(deadlineMs: number, look: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = performance.now() + deadlineMs;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() >= end) return undefined;
    await delay(POLL_MS);
  }
}

/**
 * @returns what the work comes to.
 * @throws {InfrastructureError} when it has not in this many milliseconds; it goes on, and nobody hears of it.
 */
export async function inTime<T>(work: Promise<T>, ms: number, late = `no answer in ${ms / 1000} s`): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new InfrastructureError(late));
    }, ms);
  });
  return Promise.race([work, deadline]).finally(() => {
    clearTimeout(timer);
  });
}
