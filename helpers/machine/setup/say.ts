/** What the preparation does, on standard error: reports go to standard output. A script can have it elsewhere. */
import { AsyncLocalStorage } from 'node:async_hooks';

const listeners = new AsyncLocalStorage<(text: string) => void>();

/** @param text One sentence; it may be shown to students. */
export function say(text: string): void {
  const listener = listeners.getStore();
  if (listener === undefined) process.stderr.write(`netgrade: ${text}\n`);
  else listener(text);
}

/** Does some work, and gives the listener what is said meanwhile by this work, instead of writing it anywhere. */
export function heardBy<T>(listener: (text: string) => void, work: () => Promise<T>): Promise<T> {
  return listeners.run(listener, work);
}
