/** One message of the probe's protocol: one line of JSON. */

/**
 * Escapes U+2028 and U+2029: Node's line reader ends a line at them, JSON does not escape them, and a student's text
 * may contain them.
 */
export function lineOf(message: object): string {
  const json = JSON.stringify(message).replace(/[\u2028\u2029]/g, (c) => (c === '\u2028' ? '\\u2028' : '\\u2029'));
  return `${json}\n`;
}
