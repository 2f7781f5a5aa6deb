/** What a command has printed for a terminal, as plain lines. */

/** A sequence for a terminal (ECMA-48): `ESC [ … letter`, `ESC ] … BEL` or `… ESC \`, or ESC and one character. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const SEQUENCE = /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)?|[ -~])/g;
/** What a carriage return lets the rest of the line cover, as progress bars do. */
const COVERED = /[^\n\r]*\r+(?!\n)(?=[^\n\r])/g;

/**
 * Takes colours and movements of the cursor out of an output, line ends of a terminal, and what was printed over.
 *
 * @returns text whose lines end with `\n`. Other control characters stay: `inert` makes them harmless where they are shown.
 */
export function plainOutput(text: string): string {
  return text
    .replace(SEQUENCE, '')
    .replace(/\r+\n/g, '\n')
    .replace(COVERED, '')
    .replace(/\r+(?=\n|$)/g, '');
}
