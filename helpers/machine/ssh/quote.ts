/** Quotes words for a POSIX shell. sshd is given a command as one text, which the login shell there splits into words again. */

/** Words that need no quotes. A word with `=` needs them, because as the first word it would be an assignment. */
const PLAIN = /^[\w@%+:,./-]+$/;

/** One line that a POSIX shell splits into exactly these words. */
export function quoted(words: readonly string[]): string {
  return words.map(quotedWord).join(' ');
}

function quotedWord(word: string): string {
  if (word.includes('\0')) throw new Error('a word of a command cannot hold a NUL');
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
