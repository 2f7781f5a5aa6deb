/**
 * Why a request is denied on a lab host, in words for the submission's author: the docker command prints the sentence.
 */

const MOST_CHARACTERS = 80;

export interface Denial {
  /** What was denied, in a few words, e.g. `a privileged container`. */
  what: string;
  /** What was denied, why, and what to do instead. */
  sentence: string;
}

/** @param instead One or more whole sentences. */
export function denial(what: string, why: string, instead: string): Denial {
  return { what, sentence: `${what} is not allowed on a lab host: ${why}. ${instead}` };
}

/** A student's text as one short line of plain text in quotes. */
export function quoted(text: unknown): string {
  const beginning = (typeof text === 'string' ? text : JSON.stringify(text)).slice(0, MOST_CHARACTERS + 1);
  const plain = inOneLine(beginning);
  return `"${plain.length > MOST_CHARACTERS ? `${plain.slice(0, MOST_CHARACTERS)}…` : plain}"`;
}

/** A text without characters that end a line or change how other text is shown. */
export function inOneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
