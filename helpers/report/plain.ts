/** A student's text where there is room for one line, or for so many characters. */
import { inert } from './terminal.ts';

/**
 * One line that steers nothing: no control characters, no line breaks, and no `##[…]`, which a GitHub runner obeys
 * wherever in a line it stands. (Its other form of command, `::…::`, has to begin the line: begin it with words of ours.)
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
 * Makes something whose texts are as long as there is room for, down to none at all.
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

/** Seen by nobody; keeps `@name`, `#12` and `https://…` from becoming mentions and links, which no escape does. */
const BREAK = '\u200c';

/** A text whose addresses and mentions no reader turns into links. */
export function unlinked(text: string): string {
  return text
    .replace(/[@#]/g, `$&${BREAK}`)
    .replace(/:(?=\/\/)/g, `:${BREAK}`)
    .replace(/\bwww(?=\.)/gi, `$&${BREAK}`);
}
