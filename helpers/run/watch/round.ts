/**
 * One round of self-test: what can be seen at once is judged first, then what is complete of the survey, in the end everything.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Judge } from '../../judge/judge.ts';
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import { Coalesced } from '../../report/coalesced.ts';
import { isAllTried, type Tried } from '../../survey/look.ts';
import { changes } from '../../survey/survey.ts';
import { judgeAll, judgeSoFar, type Judged, type Seen, type SoFar } from './rejudge.ts';

/**
 * A rule that has no new verdict for so long is marked as being checked. Most rules are judged again sooner, and their marks
 * stay as they are: a mark that comes and goes with every event tells nobody anything.
 */
const MARK_MS = 400;
/** The same, where one event follows the other, and no round comes to its end. */
const LONGEST_UNMARKED_MS = 1_000;

export interface RoundOptions {
  host: LabHost;
  judge: Judge;
  seen: Seen[];
  /** When something happened first that no round has judged to its end, by performance.now(). */
  since: number;
  /** Whether something has happened since the look: what is tried may be about what is gone. */
  isStirring: () => boolean;
  /** @param isLate Whether rules without a new verdict are to be marked. */
  tell: (each: Seen, soFar: SoFar, isLate: boolean) => void;
}

export interface Round {
  /** Each lab's verdicts on everything; undefined for those that were given up. */
  ended: Promise<(Judged | undefined)[]>;
  /** Gives the round up: nothing more is told. */
  giveUp(): void;
}

/** Marks what has no new verdict, unless the work ends before. @param since See `RoundOptions`. */
export function markLate(since: number, mark: () => void, ending: AbortSignal): void {
  const patience = Math.min(MARK_MS, since + LONGEST_UNMARKED_MS - performance.now());
  delay(Math.max(patience, 0), undefined, { signal: ending }).then(mark, () => undefined);
}

/** Begins to try everything. @returns when what is seen at once was told. */
export async function startRound(options: RoundOptions): Promise<Round> {
  const { seen, since, tell } = options;
  const ending = new AbortController();
  const end = (): void => {
    ending.abort();
  };
  const told = new Map<Seen, SoFar>();
  let isLate = false;
  const labs = seen.map((each) =>
    judgeAsFound(options, each, ending.signal, (soFar) => {
      told.set(each, soFar);
      tell(each, soFar, isLate);
    }),
  );
  const ended = Promise.all(labs.map((lab) => lab.ended));
  ended.then(end, end);
  const mark = (): void => {
    isLate = true;
    for (const [each, soFar] of told) tell(each, soFar, isLate);
  };
  markLate(since, mark, ending.signal);
  await Promise.all(labs.map((lab) => lab.looked));
  return { ended, giveUp: end };
}

/**
 * Tries everything after a look, and judges what is complete while the rest is still being tried. The judge takes one after
 * another: so what comes together is judged together.
 */
function judgeAsFound(
  { host, judge, isStirring }: RoundOptions,
  seen: Seen,
  givenUp: AbortSignal,
  tell: (soFar: SoFar) => void,
): { looked: Promise<void>; ended: Promise<Judged | undefined> } {
  const nothing: Partial<Tried> = {};
  let tried = nothing;
  const isOver = (): boolean => givenUp.aborted;
  /** Whether it would mean nothing: the event of what has changed is on the way, or everything will be judged at once. */
  const isMoot = async (): Promise<boolean> =>
    isStirring() || Object.keys(await changes(host, seen.look.containers)).length > 0 || isAllTried(tried);
  const judging = new Coalesced(async () => {
    const known = tried;
    if (isOver() || (known !== nothing && (await isMoot()))) return;
    const soFar = await judgeSoFar(host, judge, seen, known);
    if (!isOver()) tell(soFar);
  });
  const looked = judging.ask();
  const onFound = (found: Partial<Tried>): void => {
    tried = { ...tried, ...found };
    // What fails here fails again below, where everything is judged.
    judging.ask().catch(() => undefined);
  };
  return { looked, ended: judgeAll(host, judge, seen, { givenUp, onFound }) };
}
