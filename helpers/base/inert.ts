/** Text of strangers, made harmless for a terminal. */

// eslint-disable-next-line no-control-regex -- they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;
/** They turn the direction of writing, or have no width. (Joiners have a use, in scripts and in emoji.) */
const UNSEEN = /[\u061c\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]/g;
/** No language piles up more than a few marks on a letter; a hundred of them cover the lines above. */
const PILED_UP = /(\p{M}{4})\p{M}+/gu;

/** A student's text cannot move the cursor, change colours, reorder what stands beside it, cover it or be unseen. */
export function inert(text: string): string {
  return text
    .replace(CONTROL, (c) => (c === '\u001b' ? '␛' : '·'))
    .replace(UNSEEN, '·')
    .replace(PILED_UP, '$1·');
}
