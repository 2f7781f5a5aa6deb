/** Experiment: makes a backend unavailable for a moment and looks whether the answers outside change. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { until } from '../base/wait.ts';
import type { BackendAway, Sample } from './experiment-facts.ts';
import type { ContainerFacts, OutsidePort } from './facts.ts';
import { commonKind, isOfKind, isSuccess, touchesBackend } from './samples.ts';
import { addressesOf } from './subjects.ts';
import { urlOf } from './url.ts';

const ANSWER_MS = 5_000;
/** In each situation. Enough that texts drawn at random do not have a word in common by chance. */
const SAMPLES = 6;
/** Nobody waits for a driver that waits 30 s for its database: that the answer no longer comes is the evidence. */
const SHORTEST_WAIT_MS = 1_000;
const PATIENCE = 10;
const RECOVERY_MS = 15_000;
/** Whether there is room shows at once. */
const ROOM_MS = 300;

/** Where a request from outside goes in. */
export interface Entrance {
  /** The container that plays the front. */
  front: string;
  port: OutsidePort;
  path: string;
}

/** Asks the published front once; no redirect, no proxy. */
export async function sample(host: LabHost, { port, path }: Entrance, timeoutMs: number = ANSWER_MS): Promise<Sample> {
  const { outcome, status, body, ms } = await host.ask('outside', {
    ask: 'http',
    address: port.address,
    port: port.port,
    path,
    timeoutMs,
  });
  return { outcome, ms, ...(status === undefined ? {} : { status }), ...(body === undefined ? {} : { body }) };
}

/** A backend, and the front through which requests for it come in. */
export interface Dependence {
  entrance: Entrance;
  backend: ContainerFacts;
}

export interface Away extends BackendAway {
  /** Whether all its servers were seen to have room for one more connection at the end of the time that it was paused. */
  hadRoom: boolean;
}

/**
 * Pauses the backend (its processes are frozen, its connections stay), asks, resumes it and asks again.
 *
 * Others may go on probing meanwhile. A frozen server's kernel still accepts connections, but only until its queue is full:
 * from then on a packet that arrived looks like one that did not. Nothing leaves that queue while the server is frozen,
 * so if there was room at the end, there was all the time.
 *
 * @param ports On which the backend listens.
 * @param meanwhile See SurveyOptions.
 */
export async function backendAway(
  host: LabHost,
  dependence: Dependence,
  ports: number[],
  meanwhile?: () => void,
): Promise<Away> {
  const first = await tryOnce(host, dependence, ports, meanwhile);
  // That the backend plays no part is a serious thing to say: it has to hold twice. Nobody waits for a hang twice.
  const hangs = first.before.at(-1)?.outcome === 'no-answer';
  if (hangs || touchesBackend(first)) return first;
  const second = await tryOnce(host, dependence, ports);
  return { ...second, tries: 2, hadRoom: first.hadRoom && second.hadRoom };
}

async function tryOnce(
  host: LabHost,
  { entrance, backend }: Dependence,
  ports: number[],
  meanwhile?: () => void,
): Promise<Away> {
  const { front, port, path } = entrance;
  const names = { front, backend: backend.name, url: urlOf(port, path) };
  const facts: Away = { ...names, before: [], away: [], after: [], tries: 1, hadRoom: true };
  facts.before = [await sample(host, entrance)];
  if (facts.before.every(isSuccess)) facts.before.push(...(await samples(host, entrance, SAMPLES - 1, ANSWER_MS)));
  if (!facts.before.every(isSuccess)) return facts;
  const slowest = Math.max(...facts.before.map(({ ms }) => ms));
  const wait = Math.min(Math.max(SHORTEST_WAIT_MS, slowest * PATIENCE), ANSWER_MS);
  const container = host.docker.getContainer(backend.id);
  await container.pause();
  try {
    const away = samples(host, entrance, SAMPLES, wait);
    meanwhile?.();
    facts.away = await away;
    facts.hadRoom = await hasRoom(host, backend, ports);
  } finally {
    await container.unpause();
  }
  facts.after = await recovered(host, entrance, facts.before);
  return facts;
}

/** From the lab host, which reaches every container on a bridge. */
async function hasRoom(host: LabHost, backend: ContainerFacts, ports: number[]): Promise<boolean> {
  const addresses = addressesOf(backend);
  if (addresses.length === 0) return ports.length === 0;
  const answers = await Promise.all(
    addresses.flatMap((address) =>
      ports.map((port) => host.ask('host', { ask: 'connect', address, port, timeoutMs: ROOM_MS })),
    ),
  );
  return answers.every(({ outcome }) => outcome === 'open' || outcome === 'refused');
}

/** Asks side by side. */
function samples(host: LabHost, entrance: Entrance, count: number, timeoutMs: number): Promise<Sample[]> {
  return Promise.all(Array.from({ length: count }, () => sample(host, entrance, timeoutMs)));
}

/** Waits for an answer as before, then takes more; or, at the deadline, the last one. */
async function recovered(host: LabHost, entrance: Entrance, before: Sample[]): Promise<Sample[]> {
  const kind = commonKind(before);
  let last = await sample(host, entrance);
  const back = await until(RECOVERY_MS, async () => {
    if (kind !== undefined && isOfKind(last, kind)) return true;
    last = await sample(host, entrance);
    return undefined;
  });
  return back === true ? [last, ...(await samples(host, entrance, SAMPLES - 1, ANSWER_MS))] : [last];
}
