/** A student's text where there is room for so many characters, or where no links are wanted. */
import { cut } from '../base/inert.ts';

export { cut };

/**
 * Makes something with the longest texts that fit, halving their length until it fits.
 *
 * @param make With texts of at most so many characters each; 0: without them.
 */
export function withRoom<T>(
  { longest, shortest }: { longest: number; shortest: number },
  make: (longest: number) => T,
  fits: (made: T) => boolean,
): T {
  for (let most = longest; most >= shortest; most /= 2) {
    const made = make(most);
    if (fits(made)) return made;
  }
  return make(0);
}

/**
 * An invisible character that keeps `@name`, `#12` and `https://…` from becoming mentions and links; escapes do not.
 */
const BREAK = '\u200c';

/** A text whose addresses and mentions no reader turns into links. */
export function unlinked(text: string): string {
  return text
    .replace(/[@#]/g, `$&${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\bwww(?=\.)/gi, `$&${BREAK}`);
}
