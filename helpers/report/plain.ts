/** A student's text where there is room for one line, or for so many characters. */
import { inert } from './terminal.ts';

/**
 * One line that no terminal or runner obeys: no control characters, no line breaks, and no `##[…]`, which a GitHub
 * runner takes for a command anywhere in a line. (It takes `::…::` for a command only at the beginning of a line, so
 * begin the line with words of ours.)
 */
export function oneLine(text: string): string {
  return inert(text)
    .split(/[\n\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ')
    .replaceAll('##[', '# #[');
}

/** At most so many UTF-16 units, an ellipsis at the end when something was cut off, and no half characters. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

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
