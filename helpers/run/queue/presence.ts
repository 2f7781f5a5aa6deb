/** Which workers are there: each announces itself in Redis every few seconds. */
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { PREFIX } from './job.ts';

const EVERY_MS = 3000;
/** A worker that has not announced itself for this long counts as gone. */
const GONE_SECONDS = 10;
const KEY = `${PREFIX}:worker:`;

export interface Presence {
  /** Where it runs. */
  machine: string;
  /** Its queue, and so its version. */
  queue: string;
  about: string;
  jobs: number;
}

/** Announces a worker again and again, until the result is disposed of. */
export async function announce(redis: Redis, presence: Presence): Promise<AsyncDisposable> {
  const key = KEY + randomUUID();
  const say = (): Promise<unknown> => redis.set(key, JSON.stringify(presence), 'EX', GONE_SECONDS);
  await say();
  // A Redis that does not answer is asked again; a worker that cannot say that it is there counts as gone.
  const timer = setInterval(() => void say().catch(() => undefined), EVERY_MS);
  return {
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      await redis.del(key);
    },
  };
}

/** All workers that are there, of any version. */
export async function workersOn(redis: Redis): Promise<Presence[]> {
  const keys: string[] = [];
  for await (const found of redis.scanStream({ match: `${KEY}*`, count: 100 })) keys.push(...(found as string[]));
  if (keys.length === 0) return [];
  const texts = await redis.mget([...new Set(keys)]);
  return texts.map(presenceIn).filter((each) => each !== undefined);
}

/** Reads an announcement; undefined if it is something else. */
function presenceIn(text: string | null): Presence | undefined {
  try {
    const { machine, queue, about, jobs } = JSON.parse(text ?? '') as Record<keyof Presence, unknown>;
    if (typeof jobs !== 'number' || !(jobs >= 1)) return undefined;
    return { machine: String(machine), queue: String(queue), about: String(about), jobs };
  } catch {
    return undefined; // no JSON
  }
}
