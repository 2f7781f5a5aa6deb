/** The events of an engine's containers and networks, gathered into bursts: starting a stack makes dozens of events. */
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { isOwnTool } from '../../machine/lab-host/labels.ts';
import { eventsIn, type EventLine } from '../../survey/engine-events.ts';

/**
 * Of containers and networks; commands run in a container (`exec_…`) and terminals (`attach`, `resize`) are not among
 * them.
 */
const ACTIONS = [
  ...['create', 'start', 'restart', 'kill', 'die', 'stop', 'oom', 'pause', 'unpause', 'rename', 'update', 'destroy'],
  ...['connect', 'disconnect', 'remove'],
];
/** A burst is over when nothing has happened for so long … */
const QUIET_MS = 100;
/** … or when it has lasted so long. */
const LONGEST_MS = 500;

/** Why nothing more is heard when the stream has ended. */
export const LOST = 'the connection to the engine was lost';

/** What a burst was about: ids of containers, and of networks that were made or removed. */
export type Burst = ReadonlySet<string>;

export interface EventStream extends AsyncDisposable {
  /**
   * Who asks again before it has come gets the same one.
   *
   * @returns undefined when the stream has ended: the engine was restarted, or the connection was lost.
   */
  next(): Promise<Burst | undefined>;
  /** Whether something has happened that is not in a burst yet. */
  stirring(): boolean;
}

/** Opens the stream; it contains everything that happens from now on. */
export async function openEvents(docker: Docker): Promise<EventStream> {
  const stream = await docker.getEvents({ filters: { type: ['container', 'network'], event: ACTIONS } });
  let stirring = false;
  const noted = (async function* (): AsyncGenerator<string> {
    for await (const id of idsOf(eventsIn(stream))) {
      stirring = true;
      yield id;
    }
  })();
  const gathered = bursts(noted, { quietMs: QUIET_MS, longestMs: LONGEST_MS });
  const gather = async (): Promise<Burst | undefined> => {
    const { value } = await gathered.next();
    stirring = false;
    coming = undefined;
    return value;
  };
  let coming: Promise<Burst | undefined> | undefined;
  return {
    next: () => (coming ??= gather()),
    stirring: () => stirring,
    [Symbol.asyncDispose]: () => {
      (stream as NodeJS.ReadableStream & { destroy(): void }).destroy();
      return Promise.resolve();
    },
  };
}

/** The id that each event is about, without the grader's own tools. Ends when the stream ends or breaks. */
async function* idsOf(events: AsyncIterable<{ event: EventLine }>): AsyncGenerator<string> {
  try {
    for await (const { event } of events) {
      const { ID, Attributes } = event.Actor;
      if (event.Type !== 'container') yield Attributes['container'] ?? ID;
      else if (!isOwnTool(Attributes)) yield ID;
    }
  } catch {
    // A connection that breaks is an end like any other.
  }
}

/** Gathers ids that come in quick succession. */
export async function* bursts(
  events: AsyncIterable<string>,
  { quietMs, longestMs }: { quietMs: number; longestMs: number },
): AsyncGenerator<Set<string>, undefined> {
  const source = events[Symbol.asyncIterator]();
  let next = source.next();
  for (;;) {
    let event = await next;
    if (event.done) return undefined;
    const concerned = new Set([event.value]);
    const end = performance.now() + longestMs;
    for (;;) {
      next = source.next();
      const patience = Math.min(quietMs, end - performance.now());
      const more = patience > 0 ? await within(patience, next) : undefined;
      if (more === undefined) break;
      event = more;
      if (event.done) break;
      concerned.add(event.value);
    }
    yield concerned;
    if (event.done) return undefined;
  }
}

/** @returns undefined when it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  const decided = new AbortController();
  try {
    return await Promise.race([promise, delay(ms, undefined, { signal: decided.signal })]);
  } finally {
    decided.abort();
  }
}
