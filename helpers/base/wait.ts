/** Waiting for a condition, with a deadline. Nothing in this project waits in another way. */
import { setTimeout as delay } from 'node:timers/promises';
import { InfrastructureError } from './failure.ts';

const POLL_MS = 40;

/**
 * Calls `look` again and again until it returns something.
 *
 * @param deadlineMs Milliseconds from now.
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
 * Waits for work with a deadline.
 *
 * @param ms Milliseconds.
 * @param late The message of the error when it takes longer.
 * @returns the work's result.
 * @throws {InfrastructureError} when it takes longer. The work is not cancelled; its result is dropped.
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
