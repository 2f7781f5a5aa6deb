/** Tries the doors of a front one after another, until requests through one of them get to the backend. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { backendAway, type Away, type Dependence } from './backend-away.ts';
import type { BackendAway, ThroughOneDoor } from './experiment-facts.ts';
import type { ContainerFacts } from './facts.ts';
import { isRefusal } from './pace.ts';
import { urlAt, type Entrance } from './requests.ts';
import { touchesBackend } from './samples.ts';

/** A backend, and the entrances through which requests may reach it, the best first. At least one. */
export interface Wanted extends Omit<Dependence, 'entrance'> {
  entrances: Entrance[];
}

export interface Tried {
  /** The entrance of which the facts tell. */
  entrance: Entrance;
  facts: BackendAway;
  hadRoom: boolean;
}

/**
 * @param whileWaiting Called once, as soon as the backend is paused.
 * @returns the first entrance that works, or else the first one, with what was seen at the others that were tried.
 */
export async function tryEveryDoor(
  host: LabHost,
  { entrances, ...dependence }: Wanted,
  portsOf: (container: ContainerFacts) => number[],
  whileWaiting?: () => void,
): Promise<Tried> {
  const tried: { entrance: Entrance; away: Away }[] = [];
  let waiting = whileWaiting;
  const once = (): void => {
    waiting?.();
    waiting = undefined;
  };
  for (const entrance of entrances) {
    tried.push({ entrance, away: await inItsPace(host, { ...dependence, entrance }, portsOf, once) });
    if (touchesBackend(tried.at(-1)!.away)) break;
  }
  const shown = touchesBackend(tried.at(-1)!.away) ? tried.at(-1)! : tried[0]!;
  const { hadRoom: _, ...facts } = shown.away;
  const others = tried.filter((each) => each !== shown).map(({ away }) => throughOneDoor(away));
  return {
    entrance: shown.entrance,
    facts: { ...facts, ...(others.length > 0 && { others }) },
    hadRoom: tried.every(({ away }) => away.hadRoom),
  };
}

/**
 * The experiment at one entrance. If nothing but refusals came while the backend was paused, and the front turns out to limit
 * requests, they may have been refused for their number: it is made again, more slowly.
 */
async function inItsPace(
  host: LabHost,
  dependence: Dependence,
  portsOf: (container: ContainerFacts) => number[],
  whileWaiting: () => void,
): Promise<Away> {
  const first = await backendAway(host, dependence, portsOf, whileWaiting);
  const { pace } = dependence.entrance;
  if (pace?.isSlow !== true || !first.away.every(isRefusal) || first.away.length === 0) return first;
  const second = await backendAway(host, dependence, portsOf);
  return { ...second, hadRoom: first.hadRoom && second.hadRoom };
}

function throughOneDoor({ url, redirectedFrom, before, away, after }: Away): ThroughOneDoor {
  return { url, ...(redirectedFrom && { redirectedFrom }), before, away, after };
}

/** The same entrances, those that have worked before first: requests of one front usually go one way. */
export function knownFirst(entrances: Entrance[], worked: Entrance[]): Entrance[] {
  const known = new Set(worked.map(urlAt));
  return entrances.toSorted((a, b) => Number(known.has(urlAt(b))) - Number(known.has(urlAt(a))));
}
