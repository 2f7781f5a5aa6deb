/** Experiment: makes a backend unavailable for a moment and checks whether the answers to outsiders change. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { orNotNow } from '../base/docker/gone.ts';
import { until } from '../base/wait.ts';
import { goesThrough } from './chain-facts.ts';
import { greetingsOf } from './deputies.ts';
import type { BackendAway, Sample } from './experiment-facts.ts';
import type { ContainerFacts } from './facts.ts';
import { samples, urlAt, type Entrance } from './requests.ts';
import { ifStillThere } from './sandboxes.ts';
import { commonKind, isOfKind, isSuccess, touchesBackend } from './samples.ts';
import { addressesOf } from './subjects.ts';
import { whileAway } from './while-away.ts';
import { canFollow, follow, type Route } from './witness/follow.ts';
import { Witness } from './witness/witness.ts';

/** Answers in each situation: so many that random texts do not share a word by chance. */
const SAMPLES = 6;
/** What a witness keeps of each packet: MongoDB's messages about what went wrong are short. */
const TALK = { what: 'talk', payload: 4096 } as const;
const RECOVERY_MS = 15_000;
/** A server with room for a connection accepts it at once. */
const ROOM_MS = 300;

/** A backend, and the entrance through which requests reach it. */
export interface Dependence {
  entrance: Entrance;
  /** The containers that play its role, at least one: all of them are taken away together. */
  backend: ContainerFacts[];
  /** The way that requests should take, where it is to be seen. */
  route?: Route;
  /** Whether requests should not get to the backend: then it is what must be seen twice that they do. */
  isSuspicion?: boolean;
  /** Not to be tried again here, whatever is seen: others may be tried first. */
  once?: boolean;
}

export interface Away extends BackendAway {
  /** Whether all its servers still had room for one more connection at the end of the pause. */
  hadRoom: boolean;
}

/**
 * Pauses the backend (its processes are frozen, its connections stay), sends requests, resumes it and sends them again.
 *
 * Other probes may run at the same time. The kernel still accepts connections for a frozen server, but only until its
 * queue is full. From then on, a packet that arrived looks like one that did not. Only a deputy takes connections out of the
 * queue, and then all of them: if there is room before it begins, and at the end of the pause, there was room during all of it.
 *
 * @param portsOf The ports on which a container of the backend listens.
 */
export async function backendAway(
  host: LabHost,
  dependence: Dependence,
  portsOf: (container: ContainerFacts) => number[],
): Promise<Away> {
  const first = await tryOnce(host, dependence, portsOf);
  // "The answer does not depend on the backend" costs points, so it has to be seen twice. A front that hangs is not
  // tried twice: that would take too long.
  const hangs = first.before.at(-1)?.outcome === 'no-answer';
  const costsPoints = touchesBackend(first) === (dependence.isSuspicion === true);
  const isSeen = first.chain !== undefined && !goesThrough(first.chain); // in several requests
  if (hangs || isSeen || !costsPoints || dependence.once === true) return first;
  const second = await tryOnce(host, dependence, portsOf);
  return { ...second, tries: 2, hadRoom: first.hadRoom && second.hadRoom };
}

async function tryOnce(
  host: LabHost,
  dependence: Dependence,
  portsOf: (container: ContainerFacts) => number[],
): Promise<Away> {
  const { entrance, backend, route } = dependence;
  const { front, redirectedFrom } = entrance;
  const names = { front, backend: backend[0]!.name, url: urlAt(entrance), ...(redirectedFrom && { redirectedFrom }) };
  const facts: Away = { ...names, before: [], away: [], after: [], tries: 1, hadRoom: true };
  await using witness = route && canFollow(route) ? await Witness.listen(host, route.containers, TALK) : undefined;
  const { answers, chain } =
    route && witness
      ? await follow(host, entrance, route, witness)
      : { answers: await samples(host, entrance, 1), chain: undefined };
  if (route && !witness) facts.unseen = unseenBecause(route);
  facts.before = answers;
  if (chain !== undefined) facts.chain = chain;
  if (!answers.every(isSuccess) || (chain !== undefined && !goesThrough(chain))) return facts;
  facts.before.push(...(await samples(host, entrance, SAMPLES - answers.length)));
  if (!facts.before.every(isSuccess)) return facts;
  const isMongo = witness !== undefined && route?.way.at(-1)?.isMongo === true;
  const greetings = isMongo ? await greetingsOf(host, backend, portsOf) : undefined;
  const hasRoom = async (): Promise<boolean> =>
    (await Promise.all(backend.map((each) => roomIn(host, each, portsOf(each))))).every(Boolean);
  const paused: ContainerFacts[] = [];
  try {
    await Promise.all(
      backend.map(async (each) => {
        if (await pause(host, each)) paused.push(each);
      }),
    );
    if (paused.length < backend.length) return facts;
    const circumstances = { before: facts.before, portsOf, hasRoom };
    const ways = { ...(witness && { witness }), ...(greetings && { greetings }) };
    const { hadRoom, ...seen } = await whileAway(host, dependence, { ...circumstances, ...ways });
    Object.assign(facts, seen);
    facts.hadRoom = (await hasRoom()) && hadRoom;
  } finally {
    await Promise.all(paused.map(({ id }) => orNotNow(() => host.docker.getContainer(id).unpause())));
  }
  facts.after = await recovered(host, entrance, facts.before);
  return facts;
}

function unseenBecause(route: Route): string {
  return canFollow(route) ? 'this machine lets nobody listen' : 'not all on the way have a sandbox of their own';
}

/** @returns false if it has ended meanwhile, or somebody else paused it: it changed while it was examined then. */
async function pause(host: LabHost, container: ContainerFacts): Promise<boolean> {
  const paused = await ifStillThere(host, container, () =>
    orNotNow(() =>
      host.docker
        .getContainer(container.id)
        .pause()
        .then(() => true),
    ),
  );
  return paused === true;
}

/** Asked from the lab host, which reaches every container on a bridge network. */
async function roomIn(host: LabHost, backend: ContainerFacts, ports: number[]): Promise<boolean> {
  const addresses = addressesOf(backend);
  if (addresses.length === 0) return ports.length === 0;
  const answers = await Promise.all(
    addresses.flatMap((address) =>
      ports.map((port) => host.ask('host', { ask: 'connect', address, port, timeoutMs: ROOM_MS })),
    ),
  );
  return answers.every(({ outcome }) => outcome === 'open' || outcome === 'refused');
}

/**
 * Waits for an answer of the same kind as before, then takes more.
 *
 * @returns only the last answer if none came in time.
 */
async function recovered(host: LabHost, entrance: Entrance, before: Sample[]): Promise<Sample[]> {
  const kind = commonKind(before);
  let last = await samples(host, entrance, 1);
  const back = await until(RECOVERY_MS, async () => {
    if (kind !== undefined && last.every((each) => isOfKind(each, kind))) return true;
    last = await samples(host, entrance, 1);
    return undefined;
  });
  return back === true ? [...last, ...(await samples(host, entrance, SAMPLES - 1))] : last;
}
