/** Text of strangers, made harmless for a terminal. */

// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/**
 * Characters that change the direction of writing, or have no width. (Joiners are allowed: scripts and emoji need
 * them.)
 */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** More combining marks on a letter than any language has: a hundred of them would cover the lines above. */
const PILED_UP = /(\p{M}{4})\p{M}+/gu;

/**
 * Makes a student's text inert: it cannot move the cursor, change colours, reorder or cover other text, or be
 * invisible.
 */
export function inert(text: string): string {
  return text
    .replace(CONTROL, (c) => (c === '\u001b' ? '␛' : '·'))
    .replace(UNSEEN, '·')
    .replace(PILED_UP, '$1·');
}
