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
import { isAsked } from './witness/chain.ts';
import { CACHED_MS, REST_MS, type Route } from './witness/follow.ts';
import type { Witness } from './witness/witness.ts';

/** A driver may wait 30 s for its database. We do not wait that long: an answer that does not come is evidence, too. */
const BLIND_MS = 1_000;
const BLIND_SAMPLES = 6;
/** The same where it is seen that the backend was asked, and does not answer. */
const SILENCE_MS = 400;
/** Few: each may keep a worker of the application busy until the backend is back. */
const SAMPLES = 3;
/** So often, at most, connections of a request are ended. */
const MOST_ENDS = 2;
/** As a multiple of the slowest answer before. */
const PATIENCE = 10;

interface Circumstances {
  slowestMs: number;
  portsOf: (container: ContainerFacts) => number[];
  witness?: Witness;
}

export async function whileAway(
  host: LabHost,
  { entrance, backend, route }: Dependence,
  { slowestMs, portsOf, witness }: Circumstances,
): Promise<Pick<ThroughOneDoor, 'away' | 'ended'>> {
  const waitMs = (shortest: number): number => Math.min(Math.max(shortest, slowestMs * PATIENCE), ANSWER_MS);
  if (witness === undefined || route === undefined)
    return { away: await samplesAtOnce(host, entrance, BLIND_SAMPLES, waitMs(BLIND_MS)) };
  const silenceMs = waitMs(SILENCE_MS);
  let ended = 0;
  let away: Sample[] = [];
  await witness.read();
  await until(CACHED_MS, async () => {
    const waiting = { isOver: false };
    const answers = samplesAtOnce(host, entrance, SAMPLES, 2 * silenceMs).finally(() => {
      waiting.isOver = true;
    });
    const silence = (ms: number): Promise<unknown> =>
      until(ms, () => Promise.resolve(waiting.isOver ? true : undefined));
    await silence(silenceMs);
    // More than once, because some try again.
    for (let times = 0; times < MOST_ENDS && !waiting.isOver; times++) {
      ended += await endAll(host, backend, portsOf);
      await silence(silenceMs / MOST_ENDS);
    }
    away = await answers;
    if (away.some(({ outcome }) => outcome !== 'answered') || isBackendAsked(await witness.read(), route)) return true;
    await until(REST_MS, () => Promise.resolve(undefined)); // it may come from a cache
    return undefined;
  });
  return { away, ...(ended > 0 && { ended }) };
}

function isBackendAsked(captures: Parameters<typeof isAsked>[0], { way, ...around }: Route): boolean {
  const [asker, backend] = [way.at(-2), way.at(-1)];
  return asker !== undefined && backend !== undefined && isAsked(captures, asker, backend, around);
}

/** Ends the connections at the backend's ports. @returns how many; 0 also where the kernel cannot. */
async function endAll(
  host: LabHost,
  backend: ContainerFacts[],
  portsOf: (container: ContainerFacts) => number[],
): Promise<number> {
  const ends = backend.flatMap((each) =>
    portsOf(each).map((port) => askIn(host, each, { ask: 'end connections', port })),
  );
  return (await Promise.all(ends)).reduce((sum, answer) => sum + (answer?.ended ?? 0), 0);
}
