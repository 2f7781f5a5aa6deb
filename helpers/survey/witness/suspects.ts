/**
 * Suspects: somebody may ask a target in the name of a stranger without passing on his words. What he asked for is then followed
 * by packets from there to the target, every time, and there are none in between. An experiment shows whether it is so: the
 * target is paused, and what answers then changes (backend-away.ts).
 */
import { randomInt } from 'node:crypto';
import type { Packet } from '../../machine/probe/protocol.ts';
import { until } from '../../base/wait.ts';
import type { Dependence } from '../backend-away.ts';
import type { ContainerFacts } from '../facts.ts';
import { OUTSIDE } from '../../lab/survey-plan.ts';
import type { BackendAway } from '../experiment-facts.ts';
import { touchesBackend } from '../samples.ts';
import type { DoorFacts, WayFacts, WaysFacts } from '../way-facts.ts';
import { ownerOf } from './arrivals.ts';
import type { Hearing } from './hearing.ts';
import type { Opening } from './openings.ts';
import { asksFor, type Casting } from './senders.ts';

/** At most so many doors are tried, each so many times. */
const MOST = 8;
const TRIES = 3;
/** Between two requests nothing is asked, for a time (milliseconds) that nobody can know. */
const SHORTEST_REST = 60;
const LONGEST_REST = 250;

export interface Suspect {
  /** Absent for somebody outside. */
  sender?: ContainerFacts;
  target: ContainerFacts;
  door: DoorFacts;
}

/** Whether somebody spoke to the target who has no business there. */
export function strangersSpeak(packets: Packet[], target: ContainerFacts, cast: Casting): boolean {
  return packets.some(({ from }) => {
    const speaker = ownerOf(from, cast);
    return speaker !== undefined && speaker.sandboxOf !== target.sandboxOf && !inItAsks(speaker, target, cast);
  });
}

function inItAsks(speaker: ContainerFacts, target: ContainerFacts, cast: Casting): boolean {
  return cast.containers.some((each) => each.sandboxOf === speaker.sandboxOf && asksFor(each, target, cast));
}

/** Finds those of some doors at which every request is followed by packets from strangers to the target. */
export async function suspectsAmong(
  openings: Opening[],
  { sender, target }: Omit<Suspect, 'door'>,
  { hearing, cast, ask }: { hearing: Hearing; cast: Casting; ask: (opening: Opening) => Promise<unknown> },
): Promise<Suspect[]> {
  const spoke = async (): Promise<boolean> => {
    await hearing.look([target]);
    return strangersSpeak(hearing.spokenTo(target.name), target, cast);
  };
  const suspects: Suspect[] = [];
  for (const opening of openings.slice(0, MOST)) {
    let always = true;
    for (let time = 0; time < TRIES && always; time++) {
      await hearing.look();
      await until(randomInt(SHORTEST_REST, LONGEST_REST), () => Promise.resolve(undefined));
      const before = await spoke();
      await ask(opening);
      always = !before && (await spoke());
    }
    if (always) suspects.push({ ...(sender && { sender }), target, door: doorOf(opening) });
  }
  return suspects;
}

export function doorOf({ address, port, at, container }: Opening): DoorFacts {
  return { address, port, at, ...(container !== undefined && { container }) };
}

/** The experiment that shows whether a suspicion is right. */
export function experimentOn({ sender, target, door: { address, port, container } }: Suspect): Dependence {
  const front = container ?? `port ${port}`;
  const http = { outcome: 'answered', ms: 0 } as const;
  return {
    entrance: {
      front,
      port: { container: front, address, port, reach: 'open', http, mongo: false },
      path: '/',
      ...(sender && { from: sender }),
    },
    backend: [target],
    isSuspicion: true,
  };
}

/** Adds those suspicions that turned out to be right. @param away What the experiments on them showed, in their order. */
export function withAsked({ tried, ways }: WaysFacts, suspects: Suspect[], away: BackendAway[]): WaysFacts {
  const right = suspects.filter((_, i) => touchesBackend(away[i]!));
  const asked = right.map(({ sender, target, door }): WayFacts => ({
    ...{ from: sender?.name ?? OUTSIDE, to: target.name, door, form: 'asked', stations: [] },
  }));
  return { tried, ways: [...ways, ...asked] };
}
