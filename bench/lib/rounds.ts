/** Contenders take turns, so that what else the machine does meets them all. */
import { seconds } from './figures.ts';

export interface Contender {
  /** Does what is measured, once; throws when it did not work. */
  work(): Promise<unknown>;
  /** Afterwards, and in nobody's time. */
  clean?(): Promise<unknown>;
}

/**
 * Lets each of them do its work once a round. The first round builds images and fills caches: it does not count.
 *
 * @returns the milliseconds of each round, by contender.
 */
export async function alternate(contenders: Map<string, Contender>, rounds: number): Promise<Map<string, number[]>> {
  const taken = new Map([...contenders.keys()].map((name) => [name, [] as number[]]));
  for (let round = 0; round <= rounds; round++) {
    for (const [name, contender] of contenders) {
      const ms = await timed(() => contender.work());
      await contender.clean?.();
      if (round > 0) taken.get(name)!.push(ms);
      console.error(`  ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}: ${name} ${seconds(ms)}`);
    }
  }
  return taken;
}

/** @returns milliseconds */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
