/** One message of the probe's protocol: one line of JSON. */

/** Whoever reads lines in Node ends one at U+2028 and U+2029, too, which JSON leaves as they are and a student may use. */
export function lineOf(message: object): string {
  const json = JSON.stringify(message).replace(/[\u2028\u2029]/g, (c) => (c === '\u2028' ? '\\u2028' : '\\u2029'));
  return `${json}\n`;
}
