/** What a command has printed for a terminal, as plain lines. */

/** A sequence for a terminal (ECMA-48): `ESC [ … letter`, `ESC ] … BEL` or `… ESC \`, or ESC and one character. */
// eslint-disable-next-line no-control-regex -- they are what is looked for
const SEQUENCE = /\u001b(?:\[[0-?]{0,64}[ -/]{0,8}[@-~]|\][^\u0007\u001b]{0,512}(?:\u0007|\u001b\\)?|[ -~])/g;
/**
 * Takes colours and movements of the cursor out of an output, line ends of a terminal, and what was printed over.
 *
 * @returns text whose lines end with `\n`. Other control characters stay: `inert` makes them harmless where they are shown.
 */
export function plainOutput(text: string): string {
  return text.replace(SEQUENCE, '').split('\n').map(uncovered).join('\n');
}

/**
 * What is left of a line when a carriage return lets the rest of it cover what was before, as progress bars do. In time linear
 * in the line, which a regular expression for this is not: a line of 100 kB took it twelve seconds.
 */
function uncovered(line: string): string {
  let end = line.length;
  while (line[end - 1] === '\r') end--;
  return end === 0 ? '' : line.slice(line.lastIndexOf('\r', end - 1) + 1, end);
}
