/** What was tried from one container towards another, and whether it arrived. */
import type { PingFacts, ReachFacts, Survey } from './facts.ts';

/** Milliseconds. Where an answer is to be expected, and its absence costs points, a busy machine gets time for it. */
export const EXPECTED_MS = 8_000;

/** One thing that was tried from one sandbox towards another container. */
export type Attempt = ReachFacts | PingFacts;

export function attemptsBetween({ reach, pings }: Survey, from: string, to: string): Attempt[] {
  const between = (each: Attempt): boolean => each.from === from && each.to === to;
  return [...reach.filter(between), ...pings.filter(between)];
}

/** Whether a packet got there. */
export function arrives(attempt: Attempt): boolean {
  if (!('port' in attempt)) return attempt.outcome === 'answered';
  const { outcome, way } = attempt;
  // At a published port the host itself may refuse; at the target's own address nobody else can.
  return outcome === 'open' || (outcome === 'refused' && way !== 'published');
}
