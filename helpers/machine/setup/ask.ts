/** Asks the user something that is answered with yes or no. */
import { createInterface } from 'node:readline';
import { inert } from '../../base/inert.ts';
import { isHeard } from './say.ts';

/**
 * @param question It ends with a question mark, and may contain names that students chose.
 * @returns the answer, which is yes if only Enter was typed; undefined when nobody can answer, because there is no terminal.
 */
export async function ask(question: string): Promise<boolean | undefined> {
  if (isHeard() || !process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  // The terminal itself edits the line. So Ctrl-C ends the process, as everywhere.
  const lines = createInterface({ input: process.stdin, terminal: false });
  process.stderr.write(`netgrade: ${inert(question)} [Y/n] `);
  try {
    for await (const line of lines) return /^(y(es)?)?$/i.test(line.trim());
    return false; // the input has ended
  } finally {
    lines.close();
    process.stdin.pause(); // else it keeps the process alive
  }
}
