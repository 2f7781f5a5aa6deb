/** Experiment: makes the database unavailable for a moment and looks whether the answers outside change. */
import type { LabHost } from '../lab-host/lab-host.ts';
import { until } from '../wait.ts';
import type { ContainerFacts, DatabaseAway, OutsidePort, Sample } from './facts.ts';
import { commonKind, isOfKind, isSuccess, touchesDatabase } from './samples.ts';
import { urlOf } from './url.ts';

const ANSWER_MS = 5_000;
/** In each situation. Enough that texts drawn at random do not have a word in common by chance. */
const SAMPLES = 6;
/** Nobody waits for a driver that waits 30 s for its database: that the answer no longer comes is the evidence. */
const SHORTEST_WAIT_MS = 1_000;
const PATIENCE = 10;
const RECOVERY_MS = 15_000;

/** Asks the published front once; no redirect, no proxy. */
export async function sample(
  host: LabHost,
  front: Pick<OutsidePort, 'address' | 'port'>,
  timeoutMs: number = ANSWER_MS,
): Promise<Sample> {
  const { outcome, status, body, ms } = await host.ask('outside', {
    ask: 'http',
    address: front.address,
    port: front.port,
    path: '/',
    timeoutMs,
  });
  return { outcome, ms, ...(status === undefined ? {} : { status }), ...(body === undefined ? {} : { body }) };
}

/** Pauses the database (its processes are frozen, its connections stay), asks, resumes it and asks again. */
export async function databaseAway(host: LabHost, front: OutsidePort, database: ContainerFacts): Promise<DatabaseAway> {
  const first = await tryOnce(host, front, database);
  // That the database plays no part is a serious thing to say: it has to hold twice. Nobody waits for a hang twice.
  const hangs = first.before.at(-1)?.outcome === 'no-answer';
  return !hangs && !touchesDatabase(first) ? { ...(await tryOnce(host, front, database)), tries: 2 } : first;
}

async function tryOnce(host: LabHost, front: OutsidePort, database: ContainerFacts): Promise<DatabaseAway> {
  const facts: DatabaseAway = { url: urlOf(front), before: [], away: [], after: [], tries: 1 };
  facts.before = [await sample(host, front)];
  if (facts.before.every(isSuccess)) facts.before.push(...(await samples(host, front, SAMPLES - 1, ANSWER_MS)));
  if (!facts.before.every(isSuccess)) return facts;
  const slowest = Math.max(...facts.before.map(({ ms }) => ms));
  const wait = Math.min(Math.max(SHORTEST_WAIT_MS, slowest * PATIENCE), ANSWER_MS);
  const container = host.docker.getContainer(database.id);
  await container.pause();
  try {
    facts.away = await samples(host, front, SAMPLES, wait);
  } finally {
    await container.unpause();
  }
  facts.after = await recovered(host, front, facts.before);
  return facts;
}

/** Asks side by side. */
function samples(host: LabHost, front: OutsidePort, count: number, timeoutMs: number): Promise<Sample[]> {
  return Promise.all(Array.from({ length: count }, () => sample(host, front, timeoutMs)));
}

/** Waits for an answer as before, then takes more; or, at the deadline, the last one. */
async function recovered(host: LabHost, front: OutsidePort, before: Sample[]): Promise<Sample[]> {
  const kind = commonKind(before);
  let last = await sample(host, front);
  const back = await until(RECOVERY_MS, async () => {
    if (kind !== undefined && isOfKind(last, kind)) return true;
    last = await sample(host, front);
    return undefined;
  });
  return back === true ? [last, ...(await samples(host, front, SAMPLES - 1, ANSWER_MS))] : [last];
}
