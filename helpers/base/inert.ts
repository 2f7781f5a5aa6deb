/** Text of strangers, made harmless for a terminal and for what reads a terminal's lines. */

// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/**
 * Characters that change the direction of writing, or have no width. (Joiners are allowed: scripts and emoji need
 * them.)
 */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** More combining marks on a letter than any language has: a hundred of them would cover the lines above. */
const PILED_UP = /(\p{M}{4})\p{M}+/gu;

/** What systems for CI take for a command anywhere in a line: `##[…]` (GitHub), `##vso[…]` (Azure), `##teamcity[…]`. */
const COMMAND = /##(?=\w*\[)/g;

/**
 * Makes a student's text inert: it cannot move the cursor, change colours, reorder or cover other text, be invisible, or
 * give a command in the middle of a line.
 */
export function inert(text: string): string {
  return text
    .replace(CONTROL, (c) => (c === '\u001b' ? '␛' : '·'))
    .replace(UNSEEN, '·')
    .replace(PILED_UP, '$1·')
    .replace(COMMAND, '# #');
}

/**
 * The same in one line. A GitHub runner takes `::…::` for a command at the beginning of a line, so begin the line with words
 * of ours.
 */
export function oneLine(text: string): string {
  return inert(text)
    .split(/[\n\u2028\u2029]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
}

/** At most so many UTF-16 units, an ellipsis at the end when something was cut off, and no half characters. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A word as somebody types it in a shell. */
export function shellWord(text: string): string {
  return /^[\w.@-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
