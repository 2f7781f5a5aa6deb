/** A student's text where there is room for one line, or for so many characters. */
import { inert } from './terminal.ts';

/**
 * One line that steers nothing: no control characters, no line breaks, and no `##[…]`, which a GitHub runner obeys
 * wherever in a line it stands. (Its other form of command, `::…::`, has to begin the line: begin it with words of ours.)
 */
export function oneLine(text: string): string {
  return inert(text)
    .trim()
    .replace(/\s*[\n\u2028\u2029]\s*/g, '; ')
    .replaceAll('##[', '# #[');
}

/** At most so many UTF-16 units, an ellipsis at the end when something was cut off, and no half characters. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
