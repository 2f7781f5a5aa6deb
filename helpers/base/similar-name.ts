/** Names that differ only as people mistype them: in case, and in what separates their parts. */

/** What separates the parts of a name. */
const SEPARATORS = /[^\p{L}\p{N}]+/u;
/** The number that Compose puts at the end of a container's name. */
const NUMBER = /^\d+$/;

/**
 * Whether a name is another one but for case, separators and a number at the end, as Compose adds one: `alpine_1`, `Alpine1`
 * and `alpine1-1` are similar to `alpine1`.
 *
 * @param name What somebody wrote.
 * @param wanted What it should be. It is not similar to itself.
 */
export function isSimilar(name: string, wanted: string): boolean {
  if (name === wanted) return false;
  const parts = partsOf(name);
  const goal = partsOf(wanted).join('');
  if (goal === '') return false;
  return parts.join('') === goal || (NUMBER.test(parts.at(-1) ?? '') && parts.slice(0, -1).join('') === goal);
}

function partsOf(name: string): string[] {
  return name
    .toLowerCase()
    .split(SEPARATORS)
    .filter((part) => part !== '');
}
