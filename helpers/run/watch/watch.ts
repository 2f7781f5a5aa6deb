/**
 * The loop of self-test: after each burst of events, looks at the labs, judges them and shows the result, until the
 * student leaves. If the connection is lost, it is opened again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { InfrastructureError, UsageError, reasonOf } from '../../base/failure.ts';
import type { Judge } from '../../judge/judge.ts';
import type { Verdict } from '../../lab/verdict.ts';
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { LabHostSupply } from '../../machine/lab-host/supply.ts';
import { openEvents, type Burst, type EventStream } from './events.ts';
import { concerns, judgeAll, lookAtAll, type Seen, type WatchedLab } from './rejudge.ts';
import { startRound, type Round } from './round.ts';
import { afterLook, afterSurvey, mayStillChange, unseen, withLab, withTrouble, type WatchState } from './state.ts';

/** No event says when a program begins to serve. So for this long after the last event, it looks again by itself … */
const STARTING_MS = 30_000;
/** … with pauses of this length. */
const PACE_MS = 2_000;
/**
 * A probe may fail because its container is ending, before the event of that arrives: so long it waits for the event.
 */
const EVENT_LATE_MS = 1_000;
/** If nothing could be looked at for this long, the watch gives up. */
const GIVE_UP_MS = 60_000;
const RETRY_MS = 1_000;

export interface Watch {
  hosts: LabHostSupply;
  judge: Judge;
  labs: WatchedLab[];
  /** Where the engine is, in words. */
  where: string;
  show(state: WatchState): void;
  /** Aborted when the student leaves. */
  leaving: AbortSignal;
}

/**
 * Watches until the student leaves.
 *
 * @throws {InfrastructureError} when the engine cannot be reached in the first place, or has been away for too long.
 */
export async function watch(options: Watch): Promise<void> {
  const left = new Promise<void>((resolve) => {
    if (options.leaving.aborted) resolve();
    options.leaving.addEventListener('abort', () => {
      resolve();
    });
  });
  const sessions = new Watching(options).run();
  sessions.catch(() => undefined); // errors after the student has left do not matter
  await Promise.race([left, sessions]);
}

/** What ends a wait. */
type Happening =
  | { what: 'events'; burst: Burst | undefined }
  | { what: 'judged'; verdicts: (Verdict[] | undefined)[] }
  | { what: 'failed'; error: unknown }
  | { what: 'time' };

class Watching {
  readonly #options: Watch;
  #state: WatchState;
  /** When something was last seen, or the engine first answered. */
  #seenAt: number | undefined;

  constructor(options: Watch) {
    this.#options = options;
    this.#state = unseen(
      options.labs.map(({ lab }) => lab),
      `Docker on ${options.where}`,
    );
  }

  async run(): Promise<never> {
    this.#show(this.#state);
    for (;;) {
      const error = await this.#session().catch((thrown: unknown) => thrown);
      if (error instanceof UsageError) throw error;
      if (this.#seenAt === undefined) throw isEngines(error) ? new InfrastructureError(reasonOf(error)) : error;
      if (performance.now() - this.#seenAt > GIVE_UP_MS) {
        const seconds = GIVE_UP_MS / 1000;
        throw new InfrastructureError(`nothing could be looked at for ${seconds} s, so it ends: ${reasonOf(error)}`);
      }
      this.#show(withTrouble(this.#state, `${reasonOf(error)}; trying again`));
      await delay(RETRY_MS);
    }
  }

  /** @returns what it ended by. */
  async #session(): Promise<unknown> {
    const { hosts, where } = this.#options;
    const host = await hosts.take(true);
    try {
      await using events = await openEvents(host.docker);
      this.#seenAt ??= performance.now();
      this.#state = { ...this.#state, watching: `Docker ${host.engine.version} on ${where}` };
      return await this.#follow(host, events);
    } catch (error) {
      const lost = host.lost?.();
      return lost === undefined ? error : new InfrastructureError(lost);
    } finally {
      hosts.release(host);
    }
  }

  async #follow(host: LabHost, events: EventStream): Promise<unknown> {
    const nextBurst = async (): Promise<Happening> => ({ what: 'events', burst: await events.next() });
    let burst = nextBurst();
    let seen = await lookAtAll(host, this.#options.labs);
    let lastEvent = performance.now();
    /** When something happened first that no round has judged to its end. */
    let since: number | undefined = lastEvent;
    let round = await this.#startRound(host, events, seen, since);
    let waiting = endOf(round.ended);
    let held: Happening | undefined;
    let failure: unknown;
    for (;;) {
      let happening = await Promise.race([burst, waiting]);
      if (happening.what === 'events') {
        if (happening.burst === undefined) return new InfrastructureError('the connection to the engine was lost');
        burst = nextBurst();
        const now = await lookAtAll(host, this.#options.labs);
        if (concerns(happening.burst, seen, now)) {
          round.giveUp();
          held = failure = undefined;
          seen = now;
          lastEvent = performance.now();
          since ??= lastEvent;
          round = await this.#startRound(host, events, seen, since);
          waiting = endOf(round.ended);
          continue;
        }
        if (held === undefined) continue; // what is being tried goes on
        happening = held;
        held = undefined;
      }
      if (happening.what === 'judged' && events.stirring()) {
        // Perhaps it was seen while things were changing: look again after the event.
        held = happening;
        waiting = never();
      } else if (happening.what === 'judged') {
        this.#showAll(seen, happening.verdicts);
        since = undefined;
        const isStarting = mayStillChange(this.#state) && performance.now() - lastEvent < STARTING_MS;
        waiting = isStarting ? pause(PACE_MS) : never();
      } else if (happening.what === 'failed') {
        failure = happening.error;
        waiting = pause(EVENT_LATE_MS);
      } else if (failure !== undefined) {
        return failure;
      } else {
        seen = await lookAtAll(host, this.#options.labs);
        round = this.#tryAgain(host, seen);
        waiting = endOf(round.ended);
      }
    }
  }

  #startRound(host: LabHost, events: EventStream, seen: Seen[], since: number): Promise<Round> {
    return startRound({
      ...{ host, judge: this.#options.judge, seen, since },
      isStirring: () => events.stirring(),
      tell: (each, soFar, isLate) => {
        this.#showLab(each, (lab) => afterLook(lab, each.watched.lab, soFar, isLate));
      },
    });
  }

  /** Tries everything again, without an event. What was seen stands until that has ended. */
  #tryAgain(host: LabHost, seen: Seen[]): Round {
    const ending = new AbortController();
    const judged = seen.map((each) => judgeAll(host, this.#options.judge, each, { givenUp: ending.signal }));
    return {
      ended: Promise.all(judged),
      giveUp: () => {
        ending.abort();
      },
    };
  }

  #showAll(seen: Seen[], verdicts: (Verdict[] | undefined)[]): void {
    for (const [i, each] of seen.entries())
      this.#showLab(each, (lab) => afterSurvey(lab, each.watched.lab, verdicts[i] ?? []));
  }

  #showLab({ watched }: Seen, change: (lab: WatchState['labs'][number]) => WatchState['labs'][number]): void {
    const lab = this.#state.labs.find((each) => each.lab === watched.lab.name)!;
    this.#seenAt = performance.now();
    this.#show(withTrouble(withLab(this.#state, change(lab))));
  }

  #show(state: WatchState): void {
    this.#state = state;
    this.#options.show(state);
  }
}

/** Never rejects. */
function endOf(ended: Round['ended']): Promise<Happening> {
  return ended.then(
    (verdicts): Happening => ({ what: 'judged', verdicts }),
    (error: unknown): Happening => ({ what: 'failed', error }),
  );
}

/** Whether an engine answered with an error. */
function isEngines(error: unknown): boolean {
  return (error as { statusCode?: number } | undefined)?.statusCode !== undefined;
}

async function pause(ms: number): Promise<Happening> {
  await delay(ms);
  return { what: 'time' };
}

function never(): Promise<Happening> {
  return new Promise(() => undefined);
}
