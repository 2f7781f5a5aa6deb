/** What was tried from one container towards another, and whether it arrived. */
import type { PingFacts, ReachFacts, Survey } from './facts.ts';

/** Milliseconds to wait where an answer is expected: its absence costs points, so a busy machine gets more time. */
export const EXPECTED_MS = 8_000;

/** One connection or ping that was tried from one sandbox to another container. */
export type Attempt = ReachFacts | PingFacts;

export function attemptsBetween({ reach, pings }: Survey, from: string, to: string): Attempt[] {
  const between = (each: Attempt): boolean => each.from === from && each.to === to;
  return [...reach.filter(between), ...pings.filter(between)];
}

/** Whether a packet arrived at the target. */
export function arrives(attempt: Attempt): boolean {
  if (attempt.outcome === 'arrived') return true;
  if (!('port' in attempt)) return attempt.outcome === 'answered';
  const { outcome, way } = attempt;
  // At a port of the host, the host itself may refuse. At the target's own address, only the target can.
  return outcome === 'open' || (outcome === 'refused' && way !== 'published' && way !== 'forwarded');
}
