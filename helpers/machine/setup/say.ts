/** Tells the user what is being prepared. It goes to standard error, because reports go to standard output, or to a script's listener. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { oneLine } from '../../base/inert.ts';

const listeners = new AsyncLocalStorage<(text: string) => void>();

/** @param text One sentence, shown in one line; it may be shown to students, and may contain names that students chose. */
export function say(text: string): void {
  const listener = listeners.getStore();
  if (listener === undefined) process.stderr.write(`netgrade: ${oneLine(text)}\n`);
  else listener(oneLine(text));
}

/** Does some work. What the work says goes to the listener instead of standard error. */
export function heardBy<T>(listener: (text: string) => void, work: () => Promise<T>): Promise<T> {
  return listeners.run(listener, work);
}

/** Whether a script listens, instead of a user at a terminal. */
export function isHeard(): boolean {
  return listeners.getStore() !== undefined;
}
