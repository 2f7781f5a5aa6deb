/** Names as people read and mistype them: which differ only in case and in what separates their parts, and their order. */

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

const ORDER = new Intl.Collator('en', { numeric: true });

/** The order in which people look for names: student 2 before student 10, whatever the machine's language. */
export function byName(a: string, b: string): number {
  return ORDER.compare(a, b) || (a < b ? -1 : Number(a > b));
}
