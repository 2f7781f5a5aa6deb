/** Finds names that somebody may have meant who mistyped one. */

/** One letter in so many may be wrong. */
const LETTERS_PER_SLIP = 3;
const MOST_SHOWN = 3;

/** @returns the names in `known` that are similar to `typed`, the most similar first; empty when none is. */
export function near(typed: string, known: Iterable<string>): string[] {
  const wanted = typed.toLowerCase();
  const most = Math.max(1, Math.floor(wanted.length / LETTERS_PER_SLIP));
  return [...known]
    .map((name) => ({ name, slips: slipsBetween(wanted, name.toLowerCase()) }))
    .filter(({ name, slips }) => slips <= most || (wanted.length > 2 && name.toLowerCase().includes(wanted)))
    .sort((a, b) => a.slips - b.slips)
    .slice(0, MOST_SHOWN)
    .map(({ name }) => name);
}

/**
 * A clause for an error message about an unknown name: suggests similar names, or else lists all of them.
 *
 * @param what Begins the list, e.g. "the labs are".
 */
export function instead(typed: string, known: string[], what: string): string {
  const likely = near(typed, known);
  return likely.length > 0 ? `did you mean ${likely.join(' or ')}?` : `${what} ${known.join(', ')}`;
}

/** How many letters have to be put in, left out, exchanged or swapped with their neighbour to make one of the other. */
function slipsBetween(one: string, other: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, i) => i)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const exchanged = last[j - 1]! + (one[i - 1] === other[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]
          ? beforeLast[j - 2]! + 1
          : Infinity;
      row.push(Math.min(last[j]! + 1, row[j - 1]! + 1, exchanged, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return last[other.length]!;
}
