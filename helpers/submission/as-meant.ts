/**
 * What a text file means that an editor on another system wrote. Bash, Docker and Compose on Linux take the bytes of Windows
 * literally: `\r` becomes part of the last word of a line, and a byte order mark part of the first.
 */

/** Larger files are not looked at: nobody has written them by hand. Bytes. */
export const MOST_MEANT = 1024 * 1024;

const CR = 0x0d;
const LF = 0x0a;
/** How much of a file without a byte order mark is looked at to see whether it is UTF-16. Bytes. */
const SAMPLE = 512;
/** Of the pairs of bytes of a text in UTF-16, at least so many have a zero in the same place: signs, digits, Latin letters. */
const MOSTLY = 0.6;
/** Files that are text by their name, in whatever character set. What is valid UTF-8 is text anyway. */
const TEXT_NAMES =
  /(^|\/)(dockerfile|makefile|\.env|[^/]*\.(sh|bash|ya?ml|conf|cfg|ini|env|py|js|html?|css|json|txt|md|dockerfile))$/i;
/** Signs that no text has. */
// eslint-disable-next-line no-control-regex -- these are what is looked for
const NO_TEXT = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/;

/** What was not read literally. */
export type Foreign = 'UTF-16' | 'a byte order mark' | 'Windows line endings';

export interface Meant {
  content: Buffer;
  /** Empty if the content is what the file has. */
  foreign: Foreign[];
}

/**
 * @param name The file's name: some files are text by their name, also where they are no UTF-8.
 * @returns text in UTF-8 with the line endings of Unix and without a byte order mark. Anything that is no text, and what is
 *   larger than `MOST_MEANT`, stays as it is.
 */
export function asMeant(name: string, content: Buffer): Meant {
  const literal: Meant = { content, foreign: [] };
  if (content.length > MOST_MEANT) return literal;
  const wide = utf16Of(content);
  if (wide !== undefined) return withUnixLines(Buffer.from(wide), ['UTF-16']);
  if (content.includes(0)) return literal;
  const marked = content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf;
  if (!marked && !content.includes('\r\n')) return literal;
  if (!isUtf8(content) && !TEXT_NAMES.test(name)) return literal;
  return marked ? withUnixLines(content.subarray(3), ['a byte order mark']) : withUnixLines(content, []);
}

/** The text of a file in UTF-16, with a byte order mark or without; undefined if it is none. */
function utf16Of(content: Buffer): string | undefined {
  if (content.length < 4 || content.length % 2 !== 0) return undefined;
  const order = byteOrder(content);
  if (order === undefined) return undefined;
  try {
    const text = new TextDecoder(order, { fatal: true }).decode(content);
    return NO_TEXT.test(text) ? undefined : text;
  } catch {
    return undefined; // a surrogate alone: it is no text
  }
}

function byteOrder(content: Buffer): 'utf-16le' | 'utf-16be' | undefined {
  if (content[0] === 0xff && content[1] === 0xfe) return 'utf-16le';
  if (content[0] === 0xfe && content[1] === 0xff) return 'utf-16be';
  const sample = content.subarray(0, SAMPLE);
  const zeros = [0, 0];
  for (const [i, byte] of sample.entries()) if (byte === 0) zeros[i % 2]!++;
  const [even = 0, odd = 0] = zeros;
  const enough = (sample.length / 2) * MOSTLY;
  if (even === 0 && odd >= enough) return 'utf-16le';
  return odd === 0 && even >= enough ? 'utf-16be' : undefined;
}

function withUnixLines(content: Buffer, foreign: Foreign[]): Meant {
  if (!content.includes('\r\n')) return { content, foreign };
  const unix = Buffer.alloc(content.length);
  let length = 0;
  for (const [i, byte] of content.entries()) if (byte !== CR || content[i + 1] !== LF) unix[length++] = byte;
  return { content: unix.subarray(0, length), foreign: [...foreign, 'Windows line endings'] };
}

/** Whether a file's bytes are UTF-8. */
export function isUtf8(content: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return true;
  } catch {
    return false;
  }
}
