/**
 * What outsiders are answered while a backend is paused. An answer counts as coming from elsewhere only when the backend was
 * asked for it: one from a cache says nothing. Who waits for the backend is told that it is of no use, so that a canned answer
 * comes now, and not after some time-out: a deputy answers in its place.
 */
import { until } from '../base/wait.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Dependence } from './backend-away.ts';
import { withDeputies, type Greetings } from './deputies.ts';
import type { Sample, ThroughOneDoor } from './experiment-facts.ts';
import type { ContainerFacts } from './facts.ts';
import { ANSWER_MS, samplesAtOnce } from './requests.ts';
import { isAsked } from './witness/chain.ts';
import { CACHED, type Route } from './witness/follow.ts';
import type { Witness } from './witness/witness.ts';

/** A driver may wait 30 s for its database. We do not wait that long: an answer that does not come is evidence, too. */
const BLIND = { samples: 6, shortestMs: 1_000, patience: 10 }; // as a multiple of the slowest answer before
/**
 * The same, twice, where connections can be ended in between. Few samples: each may keep a worker of the application busy until
 * the backend is back.
 */
const SEEING = { samples: 3, shortestMs: 400, patience: 6 };
/**
 * How long a driver may look for a database that is gone, until an application falls back to something else. Drivers begin to
 * look at the second request: at the first, they find that their connections have ended.
 */
const GONE = { forMs: 3_000, requests: 2 };
/** Errors that nobody has handled: an application's, and those that a proxy says of a server that broke. */
const UNHANDLED = [500, 502, 504];

interface Circumstances {
  before: Sample[];
  portsOf: (container: ContainerFacts) => number[];
  /** Whether all servers of the backend have room for one more connection. Deputies empty their queues. */
  hasRoom: () => Promise<boolean>;
  witness?: Witness;
  /** Of a backend that speaks MongoDB's protocol. */
  greetings?: Greetings;
  cached?: typeof CACHED;
}

type Seen = Pick<ThroughOneDoor, 'away' | 'told' | 'cannotEnd'> & { hadRoom: boolean };

export async function whileAway(
  host: LabHost,
  { entrance, backend, route }: Dependence,
  { before, portsOf, hasRoom, witness, greetings, cached = CACHED }: Circumstances,
): Promise<Seen> {
  const took = before.map(({ ms }) => ms).sort((a, b) => a - b);
  const waitMs = ({ shortestMs, patience }: typeof BLIND, ms = 0): number =>
    Math.min(Math.max(shortestMs, ms * patience), ANSWER_MS);
  if (witness === undefined || route === undefined)
    return { away: await samplesAtOnce(host, entrance, BLIND.samples, waitMs(BLIND, took.at(-1))), hadRoom: true };
  const silenceMs = waitMs(SEEING, took[took.length >> 1]); // the first answer may be much slower than others
  const ask = (ms: number): Promise<Sample[]> => samplesAtOnce(host, entrance, SEEING.samples, ms);
  const seen: Seen = { away: [], hadRoom: true };
  const instead = async <T>(doing: Greetings | 'hanging up', work: () => Promise<T>): Promise<T | undefined> => {
    seen.hadRoom = (await hasRoom()) && seen.hadRoom;
    return withDeputies(host, { backend, portsOf }, doing, () => {
      seen.told = doing === 'hanging up' ? 'ended' : 'refused';
      return work();
    });
  };
  /** Asks again while answers may come from a cache. */
  const notCached = async (round: () => Promise<Sample[]>): Promise<Sample[]> => {
    let away: Sample[] = [];
    await witness.read();
    await until(cached.forMs, async () => {
      away = await round();
      if (away.some(({ outcome }) => outcome !== 'answered') || isBackendAsked(await witness.read(), route))
        return true;
      await until(cached.everyMs, () => Promise.resolve(undefined));
      return undefined;
    });
    return away;
  };
  const refused = greetings && (await instead(greetings, () => notCached(() => ask(2 * silenceMs))));
  if (refused !== undefined) {
    seen.away = refused;
    if (!refused.every(isHandled)) {
      const gone = await instead('hanging up', () => untilHandled(() => ask(GONE.forMs)));
      seen.away = [...(gone ?? []), ...refused];
    }
    return seen;
  }
  seen.away = await notCached(async () => {
    const waiting = { isOver: false };
    const answers = ask(2 * silenceMs).finally(() => {
      waiting.isOver = true;
    });
    answers.catch(() => undefined); // it is reported below
    const over = (ms: number): Promise<unknown> => until(ms, () => Promise.resolve(waiting.isOver || undefined));
    await over(silenceMs);
    if (!waiting.isOver && (await instead('hanging up', () => over(ANSWER_MS).then(() => true))) === undefined)
      seen.cannotEnd = true;
    return answers;
  });
  return seen;
}

/** Whether an application has made something of it that its database did not do what it was asked. */
function isHandled({ outcome, status = 0 }: Sample): boolean {
  return outcome === 'answered' && !UNHANDLED.includes(status);
}

/** @returns the answers to the last requests. */
async function untilHandled(ask: () => Promise<Sample[]>): Promise<Sample[]> {
  let answers = await ask();
  for (let i = 1; i < GONE.requests && answers.every((each) => each.outcome === 'answered' && !isHandled(each)); i++)
    answers = await ask();
  return answers;
}

function isBackendAsked(captures: Parameters<typeof isAsked>[0], { way, ...around }: Route): boolean {
  const [asker, backend] = [way.at(-2), way.at(-1)];
  return asker !== undefined && backend !== undefined && isAsked(captures, asker, backend, around);
}
