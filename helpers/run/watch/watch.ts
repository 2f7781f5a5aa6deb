/**
 * The loop of self-test: after each burst of events, looks at the labs, judges them and shows the result, until the
 * student leaves. If the connection is lost, it is opened again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { InfrastructureError, UsageError, reasonOf } from '../../base/failure.ts';
import type { Judge } from '../../judge/judge.ts';
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { LabHostSupply } from '../../machine/lab-host/supply.ts';
import { LOST, openEvents, type Burst, type EventStream } from './events.ts';
import { concerns, isAbout, judgeAll, lookAtAll, type Judged, type Seen, type WatchedLab } from './rejudge.ts';
import { markLate, startRound, type Round } from './round.ts';
import {
  afterLook,
  afterSurvey,
  allChecking,
  mayStillChange,
  unseen,
  withLab,
  withTrouble,
  withoutTrouble,
  type LabState,
  type WatchState,
} from './state.ts';
import { viewOf } from './view.ts';

/** No event says when a program begins to serve. So for this long after the last event, it looks again by itself … */
const STARTING_MS = 30_000;
/** … with pauses of this length. */
const PACE_MS = 2_000;
/**
 * A probe may fail because its container is ending, before the event of that arrives: so long it waits for the event.
 */
const EVENT_LATE_MS = 1_000;
/** If the connection to the engine is lost, and nothing could be looked at for so long since, the watch gives up. */
const GIVE_UP_MS = 60_000;
const RETRY_MS = 1_000;

export interface Watch {
  hosts: LabHostSupply;
  judge: Judge;
  /** What is watched, or how that is found out on the engine. */
  watched: Watched | ((found: Engine) => Promise<Watched>);
  /** Where the engine is, in words. */
  where: string;
  show(state: WatchState): void;
  /** Aborted when the student leaves. */
  leaving: AbortSignal;
  /** See `GIVE_UP_MS`. */
  giveUpMs?: number;
}

/** What can be asked which labs are watched. */
export interface Engine {
  host: LabHost;
  events: EventStream;
  /** Says in words what is waited for. */
  tell: (waiting: string) => void;
}

export interface Watched {
  labs: WatchedLab[];
  /** The command that judges the rules that cannot be judged here. */
  rest: string;
  /** How it was found out which labs they are, if nobody said so. */
  guessed?: string;
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
  | { what: 'judged'; judged: (Judged | undefined)[] }
  | { what: 'failed'; error: unknown }
  | { what: 'time' };

class Watching {
  readonly #options: Watch;
  #state: WatchState;
  /** Undefined until it is found out. */
  #labs: WatchedLab[] | undefined;
  /** Whether the engine has ever answered. */
  #isFound = false;
  /** When the connection was lost; undefined while things can be looked at. */
  #lostAt: number | undefined;

  constructor(options: Watch) {
    this.#options = options;
    this.#state = unseen([], `Docker on ${options.where}`);
    if (typeof options.watched !== 'function') this.#watch(options.watched);
  }

  async run(): Promise<never> {
    this.#show(this.#state);
    for (;;) {
      const session = this.#session().catch((thrown: unknown) => thrown);
      const error = await (this.#lostAt === undefined ? session : Promise.race([session, this.#givenUp()]));
      if (error instanceof UsageError) throw error;
      if (!this.#isFound) throw isEngines(error) ? new InfrastructureError(reasonOf(error)) : error;
      this.#lostAt ??= performance.now();
      if (performance.now() - this.#lostAt >= this.#giveUpMs) throw this.#goneForGood(error);
      this.#show(withTrouble(this.#state, `${reasonOf(error)}; trying again`));
      await delay(RETRY_MS);
    }
  }

  get #giveUpMs(): number {
    return this.#options.giveUpMs ?? GIVE_UP_MS;
  }

  /** An engine may take connections, and never answer. @returns when it is too late; never if things are looked at again. */
  async #givenUp(): Promise<unknown> {
    await delay(Math.max(this.#lostAt! + this.#giveUpMs - performance.now(), 0));
    return this.#lostAt === undefined ? never() : new InfrastructureError('Docker does not answer');
  }

  #goneForGood(error: unknown): InfrastructureError {
    const seconds = this.#giveUpMs / 1000;
    return new InfrastructureError(
      `nothing could be looked at for ${seconds} s, so self-test ends: ${reasonOf(error)}. When \`docker ps\` works again, start self-test again`,
    );
  }

  /** @returns what it ended by. */
  async #session(): Promise<unknown> {
    const { hosts, where, watched } = this.#options;
    const host = await hosts.take(true);
    try {
      await using events = await openEvents(host.docker);
      this.#isFound = true;
      this.#state = { ...this.#state, watching: `Docker ${host.engine.version} on ${where}` };
      return await this.#follow(host, events, this.#labs ?? (await this.#findOut(watched, { host, events })));
    } catch (error) {
      const lost = host.lost?.();
      return lost === undefined ? error : new InfrastructureError(lost);
    } finally {
      hosts.release(host);
    }
  }

  async #findOut(watched: Watch['watched'], engine: Omit<Engine, 'tell'>): Promise<WatchedLab[]> {
    const tell = (waiting: string): void => {
      this.#lostAt = undefined;
      this.#show(withTrouble(this.#state, waiting));
    };
    const labs = this.#watch(typeof watched === 'function' ? await watched({ ...engine, tell }) : watched);
    this.#show(this.#state);
    return labs;
  }

  #watch({ labs, rest, guessed }: Watched): WatchedLab[] {
    this.#options.judge.getReady(labs[0]!.lab);
    const all = labs.map(({ lab }) => lab);
    this.#state = { ...unseen(all, this.#state.watching, rest), ...(guessed !== undefined && { guessed }) };
    return (this.#labs = labs);
  }

  async #follow(host: LabHost, events: EventStream, labs: WatchedLab[]): Promise<unknown> {
    const nextBurst = async (): Promise<Happening> => ({ what: 'events', burst: await events.next() });
    let burst = nextBurst();
    let seen = await lookAtAll(host, labs);
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
        if (happening.burst === undefined) return new InfrastructureError(LOST);
        burst = nextBurst();
        const at = performance.now();
        const looking = lookAtAll(host, labs);
        const now = await (isAbout(happening.burst, seen) ? this.#orMarked(looking, since ?? at) : looking);
        if (concerns(happening.burst, seen, now)) {
          round.giveUp();
          held = failure = undefined;
          seen = now;
          lastEvent = performance.now();
          since ??= at;
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
        this.#showAll(seen, happening.judged);
        since = undefined;
        const isStarting = mayStillChange(this.#state) && performance.now() - lastEvent < STARTING_MS;
        waiting = isStarting ? pause(PACE_MS) : never();
      } else if (happening.what === 'failed') {
        failure = happening.error;
        this.#show(allChecking(this.#state));
        waiting = pause(EVENT_LATE_MS);
      } else if (failure !== undefined) {
        return failure;
      } else {
        seen = await lookAtAll(host, labs);
        round = this.#tryAgain(host, seen);
        waiting = endOf(round.ended);
      }
    }
  }

  /** Waits for a look. If it takes long, every rule is marked: what is shown is about what was there before. */
  async #orMarked<T>(looking: Promise<T>, since: number): Promise<T> {
    const ended = new AbortController();
    const mark = (): void => {
      this.#show(allChecking(this.#state));
    };
    markLate(since, mark, ended.signal);
    return looking.finally(() => {
      ended.abort();
    });
  }

  #startRound(host: LabHost, events: EventStream, seen: Seen[], since: number): Promise<Round> {
    return startRound({
      ...{ host, judge: this.#options.judge, seen, since },
      isStirring: () => events.stirring(),
      tell: (each, soFar, isLate) => {
        const { lab } = each.watched;
        this.#showLab(each, (before) => ({
          ...afterLook(before, lab, soFar, isLate),
          view: viewOf(soFar, lab, before.view),
        }));
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

  #showAll(seen: Seen[], judged: (Judged | undefined)[]): void {
    for (const [i, each] of seen.entries()) {
      const { lab } = each.watched;
      const { survey, verdicts } = judged[i] ?? {};
      if (survey === undefined || verdicts === undefined) continue;
      this.#showLab(each, (before) => ({
        ...afterSurvey(before, lab, verdicts),
        view: viewOf({ survey }, lab, before.view),
      }));
    }
  }

  #showLab({ watched }: Seen, change: (lab: LabState) => LabState): void {
    const lab = this.#state.labs.find((each) => each.lab === watched.lab.name)!;
    this.#lostAt = undefined;
    this.#show(withoutTrouble(withLab(this.#state, change(lab))));
  }

  #show(state: WatchState): void {
    this.#state = state;
    this.#options.show(state);
  }
}

/** Never rejects. */
function endOf(ended: Round['ended']): Promise<Happening> {
  return ended.then(
    (judged): Happening => ({ what: 'judged', judged }),
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
