/**
 * Which container plays each role while a criterion is judged. Usually there is one. Where replicas play a role together, every
 * criterion is judged of each of them, and of each pair with the replicas of every other role.
 */

/** Roles that several containers play, with their number. */
const shared = new Map<string, number>();
/** For roles that several containers play: the place of the one that plays it now. */
let playing: ReadonlyMap<string, number> = new Map();

/** Says that a role is played by several containers together. */
export function playTogether(role: string, containers: number): void {
  shared.set(role, containers);
}

/** The place, from 0, of the container that plays a role now. */
export function placeNow(role: string): number {
  return playing.get(role) ?? 0;
}

/** Does something once for each cast. @returns what it returned, in order; at least one. */
export function inEveryCast<T>(work: () => T): T[] {
  try {
    return castsOf([...shared]).map((cast) => {
      playing = cast;
      return work();
    });
  } finally {
    playing = new Map();
  }
}

/** Casts in which every container of a role meets every container of each other role. */
function castsOf(roles: [role: string, containers: number][]): Map<string, number>[] {
  const places = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
  const pairs = roles.flatMap(([one, count], i) =>
    roles.slice(i + 1).flatMap(([other, others]) =>
      places(count).flatMap((a) =>
        places(others).map((b): [string, number][] => [
          [one, a],
          [other, b],
        ]),
      ),
    ),
  );
  const alone = roles.flatMap(([role, count]) => places(count).map((place): [string, number][] => [[role, place]]));
  const all = (roles.length > 1 ? pairs : alone).map((cast) => cast.filter(([, place]) => place > 0));
  const unique = new Map([[], ...all].map((cast) => [JSON.stringify(cast), new Map(cast)]));
  return [...unique.values()];
}
