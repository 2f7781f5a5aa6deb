/**
 * What outsiders are answered while a backend is paused. An answer counts as coming from elsewhere only when the backend was
 * asked for it: one from a cache says nothing. Who goes on waiting for the backend is told that it is away, so that a canned
 * answer comes now, and not after some time-out.
 */
import { until } from '../base/wait.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Dependence } from './backend-away.ts';
import type { Sample, ThroughOneDoor } from './experiment-facts.ts';
import type { ContainerFacts } from './facts.ts';
import { ANSWER_MS, samplesAtOnce } from './requests.ts';
import { askIn } from './sandboxes.ts';
import { addressesOf } from './subjects.ts';
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
/** So often, at most, connections of a request are ended: some try again. */
const MOST_ENDS = 4;

interface Circumstances {
  before: Sample[];
  portsOf: (container: ContainerFacts) => number[];
  witness?: Witness;
  cached?: typeof CACHED;
}

export async function whileAway(
  host: LabHost,
  { entrance, backend, route }: Dependence,
  { before, portsOf, witness, cached = CACHED }: Circumstances,
): Promise<Pick<ThroughOneDoor, 'away' | 'ended' | 'cannotEnd'>> {
  const took = before.map(({ ms }) => ms).sort((a, b) => a - b);
  const waitMs = ({ shortestMs, patience }: typeof BLIND, ms = 0): number =>
    Math.min(Math.max(shortestMs, ms * patience), ANSWER_MS);
  if (witness === undefined || route === undefined)
    return { away: await samplesAtOnce(host, entrance, BLIND.samples, waitMs(BLIND, took.at(-1))) };
  const silenceMs = waitMs(SEEING, took[took.length >> 1]); // the first answer may be much slower than others
  // Who shares a sandbox may have connections of its own, which cannot be told from the backend's.
  const alone = backend.filter(
    (each) =>
      !route.way.slice(0, -1).some(({ players }) => players.some((other) => other.sandboxOf === each.sandboxOf)),
  );
  const askers = route.way.at(-2)?.players ?? [];
  const ends: { made: number | undefined } = { made: 0 };
  let away: Sample[] = [];
  await witness.read();
  await until(cached.forMs, async () => {
    const waiting = { isOver: false };
    const answers = samplesAtOnce(host, entrance, SEEING.samples, 2 * silenceMs).finally(() => {
      waiting.isOver = true;
    });
    const silence = (ms: number): Promise<unknown> =>
      until(ms, () => Promise.resolve(waiting.isOver ? true : undefined));
    await silence(silenceMs);
    for (let times = 0; times < MOST_ENDS && !waiting.isOver; times++) {
      const more: number | undefined = await endAll(
        host,
        { backend: alone, askers: times === 0 ? [] : askers },
        portsOf,
      );
      ends.made = more === undefined ? undefined : (ends.made ?? 0) + more;
      await silence(silenceMs / MOST_ENDS);
    }
    away = await answers;
    if (away.some(({ outcome }) => outcome !== 'answered') || isBackendAsked(await witness.read(), route)) return true;
    await until(cached.everyMs, () => Promise.resolve(undefined)); // it may come from a cache
    return undefined;
  });
  const { made: ended } = ends;
  return { away, ...(ended === undefined ? { cannotEnd: true } : ended > 0 && { ended }) };
}

function isBackendAsked(captures: Parameters<typeof isAsked>[0], { way, ...around }: Route): boolean {
  const [asker, backend] = [way.at(-2), way.at(-1)];
  return asker !== undefined && backend !== undefined && isAsked(captures, asker, backend, around);
}

/**
 * Ends the connections to a backend: at its own ports, and with those who should ask it, also connections that are only being
 * opened.
 *
 * @returns how many; undefined where the kernel cannot.
 */
async function endAll(
  host: LabHost,
  { backend, askers }: { backend: ContainerFacts[]; askers: ContainerFacts[] },
  portsOf: (container: ContainerFacts) => number[],
): Promise<number | undefined> {
  const addresses = backend.flatMap(addressesOf);
  const ends = [
    ...backend.flatMap((each) => portsOf(each).map((port) => askIn(host, each, { ask: 'end connections', port }))),
    ...(addresses.length > 0 ? askers.map((each) => askIn(host, each, { ask: 'end connections', addresses })) : []),
  ];
  const answers = (await Promise.all(ends)).filter((answer) => answer !== undefined);
  if (answers.some(({ ended }) => ended === undefined)) return undefined;
  return answers.reduce((sum, { ended = 0 }) => sum + ended, 0);
}
