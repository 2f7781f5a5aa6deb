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
 * Where there are several entrances, each is tried once, and all once more if none works: that costs points, so it has to be
 * seen twice.
 *
 * @returns the first entrance that works, or else the first one, with what was seen at the others that were tried.
 */
export async function tryEveryDoor(
  host: LabHost,
  { entrances, ...dependence }: Wanted,
  portsOf: (container: ContainerFacts) => number[],
): Promise<Tried> {
  const tried = new Map<Entrance, Away>();
  let working: Entrance | undefined;
  let alwaysRoom = true;
  const tryAll = async (tries: number): Promise<void> => {
    for (const entrance of entrances) {
      // One that hangs is not tried twice: that would take too long.
      if (tried.get(entrance)?.before.at(-1)?.outcome === 'no-answer') continue;
      const once = entrances.length > 1;
      const away = await inItsPace(host, { ...dependence, entrance, once }, portsOf);
      tried.set(entrance, once ? { ...away, tries } : away);
      alwaysRoom &&= away.hadRoom;
      if (touchesBackend(away)) working = entrance;
      if (working !== undefined) return;
    }
  };
  await tryAll(1);
  if (working === undefined && entrances.length > 1) await tryAll(2);
  const entrance = working ?? entrances[0]!;
  const { hadRoom, ...facts } = tried.get(entrance)!;
  const others = [...tried].filter(([each]) => each !== entrance).map(([, away]) => throughOneDoor(away));
  return { entrance, facts: { ...facts, ...(others.length > 0 && { others }) }, hadRoom: hadRoom && alwaysRoom };
}

/**
 * The experiment at one entrance. If nothing but refusals came while the backend was paused, and the front turns out to limit
 * requests, they may have been refused for their number: it is made again, more slowly.
 */
async function inItsPace(
  host: LabHost,
  dependence: Dependence,
  portsOf: (container: ContainerFacts) => number[],
): Promise<Away> {
  const first = await backendAway(host, dependence, portsOf);
  const { pace } = dependence.entrance;
  if (pace?.isSlow !== true || !first.away.every(isRefusal) || first.away.length === 0) return first;
  const second = await backendAway(host, dependence, portsOf);
  return { ...second, hadRoom: first.hadRoom && second.hadRoom };
}

function throughOneDoor(tried: Away): ThroughOneDoor {
  const { url, redirectedFrom, chain, unseen, before, away, after, told, cannotEnd } = tried;
  return {
    ...{ url, before, away, after },
    ...(redirectedFrom && { redirectedFrom }),
    ...(chain && { chain }),
    ...(unseen && { unseen }),
    ...(told && { told }),
    ...(cannotEnd && { cannotEnd }),
  };
}

/** The same entrances, those that have worked before first: requests of one front usually go one way. */
export function knownFirst(entrances: Entrance[], worked: Entrance[]): Entrance[] {
  const known = new Set(worked.map(urlAt));
  return entrances.toSorted((a, b) => Number(known.has(urlAt(b))) - Number(known.has(urlAt(a))));
}
