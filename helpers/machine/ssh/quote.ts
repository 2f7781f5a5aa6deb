/** Words for a POSIX shell. What sshd is asked to run is one text, and the login shell there takes it apart again. */

/** Words that no shell changes. A word with `=` is not among them: the first one would be an assignment. */
const PLAIN = /^[\w@%+:,./-]+$/;

/** One line that a POSIX shell takes apart into exactly these words. */
export function quoted(words: readonly string[]): string {
  return words.map(quotedWord).join(' ');
}

function quotedWord(word: string): string {
  if (word.includes('\0')) throw new Error('a word of a command cannot hold a NUL');
  return PLAIN.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
