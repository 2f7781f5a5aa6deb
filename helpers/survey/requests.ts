/** Requests from outside, at an entrance of the application. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Sample } from './experiment-facts.ts';
import type { HttpGet } from '../machine/probe/protocol.ts';
import type { ContainerFacts, OutsidePort } from './facts.ts';
import type { Pace } from './pace.ts';
import { askIn } from './sandboxes.ts';
import { urlOf, type Scheme } from './url.ts';

export const ANSWER_MS = 5_000;
/** Requests on the way at the same time, so that many small answers do not take long. More would be a burst. */
const LANES = 2;

/** Where requests from outside enter the application. */
export interface Entrance {
  /** The container that plays the front. */
  front: string;
  port: OutsidePort;
  /** `http` if absent. */
  scheme?: Scheme;
  path: string;
  /** The container in whose sandbox it is asked; absent if outside. */
  from?: ContainerFacts;
  /** The URL from which redirects lead here; absent if none do. */
  redirectedFrom?: string;
  /** Shared by the entrances of a front; absent if it may be asked as fast as it answers. */
  pace?: Pace;
}

/** The URL of an entrance. */
export function urlAt({ port, path, scheme }: Entrance): string {
  return urlOf(port, path, scheme);
}

/** Asks once, in one's turn; no redirect, no proxy. */
export async function sample(host: LabHost, entrance: Entrance, timeoutMs: number = ANSWER_MS): Promise<Sample> {
  await entrance.pace?.turn();
  return askAt(host, entrance, timeoutMs);
}

/**
 * Several requests while nothing is taken away from the application: a few at a time. A front that limits requests is asked
 * more slowly from then on, and what it refused is asked again.
 *
 * @returns fewer if one was not answered.
 */
export async function samples(
  host: LabHost,
  entrance: Entrance,
  count: number,
  timeoutMs: number = ANSWER_MS,
): Promise<Sample[]> {
  const taken: Sample[] = [];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left--;
      const answer = await patiently(host, entrance, timeoutMs);
      taken.push(answer);
      if (answer.outcome !== 'answered') left = 0;
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return taken;
}

/**
 * Several requests while something is taken away: all at once, because nobody may answer, or each in its turn if the front
 * has been seen limiting requests.
 */
export function samplesAtOnce(host: LabHost, entrance: Entrance, count: number, timeoutMs: number): Promise<Sample[]> {
  return Promise.all(Array.from({ length: count }, () => sample(host, entrance, timeoutMs)));
}

async function patiently(host: LabHost, entrance: Entrance, timeoutMs: number): Promise<Sample> {
  for (;;) {
    const turn = await entrance.pace?.turn();
    const answer = await askAt(host, entrance, timeoutMs);
    if (turn === undefined || entrance.pace?.seen(answer, turn) !== true) return answer;
  }
}

async function askAt(host: LabHost, { port, scheme, path, from }: Entrance, timeoutMs: number): Promise<Sample> {
  const question: HttpGet = {
    ask: 'http',
    address: port.address,
    port: port.port,
    path,
    ...(scheme === 'https' && { tls: true }),
    timeoutMs,
  };
  const answer = from === undefined ? await host.ask('outside', question) : await askIn(host, from, question);
  if (answer === undefined) return { outcome: 'no-answer', ms: 0 };
  const { outcome, status, location, body, ms } = answer;
  return {
    ...{ outcome, ms },
    ...(status === undefined ? {} : { status }),
    ...(location === undefined ? {} : { location }),
    ...(body === undefined ? {} : { body }),
  };
}
