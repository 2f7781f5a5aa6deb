/** Waiting for a condition, with a deadline: the only way anything here waits. */
import { setTimeout as delay } from 'node:timers/promises';

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
