/** Makes requests one after another while a witness listens, until it is known whether they go through the application. */
import { until } from '../../base/wait.ts';
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import { isAstray, isWhole, type ChainFacts, type FollowedRequest } from '../chain-facts.ts';
import type { Sample } from '../experiment-facts.ts';
import { samples, type Entrance } from '../requests.ts';
import { isSuccess } from '../samples.ts';
import { usesHostSandbox } from '../subjects.ts';
import { followed, type Hop, type Surroundings } from './chain.ts';
import type { Witness } from './witness.ts';

/** Several, because something may be asked in the background just while a request is made. */
const FEWEST = 3;
/** So many where some go the whole way and others do not. */
const MOST_MIXED = 12;
/** Of an answer that may come from a cache, so that nobody on the way is asked: for how long, and how often it is tried (ms). */
export const CACHED = { forMs: 12_000, everyMs: 400 };
/** Of many requests, so many of the first and of the last are kept. */
const KEPT = 3;

/** The way that requests should take. */
export interface Route extends Surroundings {
  way: Hop[];
}

/** Whether witnesses can listen everywhere on the way: containers in the machine's own sandbox have none. */
export function canFollow({ way }: Route): boolean {
  return way.every(({ players }) => players.length > 0 && !players.some(usesHostSandbox));
}

/**
 * @returns the answers, and how the requests went; no more of either when a request fails.
 * @throws {InfrastructureError} when the witness did not see a request that was answered.
 */
export async function follow(
  host: LabHost,
  entrance: Entrance,
  route: Route,
  witness: Witness,
  cached: typeof CACHED = CACHED,
): Promise<{ answers: Sample[]; chain?: ChainFacts }> {
  const answers: Sample[] = [];
  const requests: FollowedRequest[] = [];
  const ask = async (): Promise<boolean> => {
    await witness.read(); // what was there before does not belong to the request
    const taken = await samples(host, entrance, 1);
    const captures = await witness.read();
    answers.push(...taken);
    if (!taken.every(isSuccess)) return false;
    requests.push(followed(captures, route.way, route, entrance.port));
    return true;
  };
  let next = 0;
  await until(cached.forMs, async () => {
    if (performance.now() < next) return undefined;
    if (!(await ask()) || isKnown(requests)) return true;
    if (requests.length >= FEWEST) next = performance.now() + cached.everyMs;
    return undefined;
  });
  if (requests.length === 0) return { answers };
  return { answers, chain: chainOf(route.way, requests) };
}

/**
 * Whether no more requests are needed. A link may be silent because of a cache, and then it is not silent for ever; but if
 * somebody else asks in place of the one who should, that is no cache. Where both are seen, more requests tell what is chance.
 */
function isKnown(requests: FollowedRequest[]): boolean {
  if (requests.length < FEWEST) return false;
  const [whole, astray] = [requests.filter(isWhole).length, requests.filter(isAstray).length];
  if (whole > 0 && astray > 0) return requests.length >= MOST_MIXED;
  return astray === requests.length || whole === requests.length || whole >= 2;
}

function chainOf(way: Hop[], requests: FollowedRequest[]): ChainFacts {
  const astray = requests.filter(isAstray).length;
  const lastAstray = requests.findLast(isAstray);
  return {
    way: way.map(({ role }) => role),
    requests: requests.filter((each, i) => i < KEPT || i >= requests.length - KEPT || each === lastAstray),
    count: requests.length,
    whole: requests.filter(isWhole).length,
    ...(astray > 0 && { astray }),
  };
}
