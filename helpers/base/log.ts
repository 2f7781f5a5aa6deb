/**
 * What the grader does and how long it takes, for `--verbose`: a line for each request to an engine, each question to a
 * probe agent and each command. Off unless somebody has said where the lines go. No line holds what is secret: of requests
 * only the method and the path are logged, of commands their words and never their environment.
 */
import { inert } from './inert.ts';

const MOST_CHARACTERS = 300;

export type Subject = 'engine' | 'agent' | 'command' | 'judge' | 'run';

let sink: ((line: string) => void) | undefined;

/** @param write Is given each line, without its end; undefined switches the log off. */
export function logTo(write: ((line: string) => void) | undefined): void {
  sink = write;
}

/** For whoever would have to compute what is logged. */
export function isLogging(): boolean {
  return sink !== undefined;
}

/**
 * Logs one line.
 *
 * @param what May hold a student's text: it is made harmless and cut.
 * @param ms How long it took.
 */
export function log(subject: Subject, what: string, ms?: number): void {
  if (sink === undefined) return;
  const line = inert(what).replace(/\s+/g, ' ').trim();
  const shown = line.length > MOST_CHARACTERS ? `${line.slice(0, MOST_CHARACTERS)}…` : line;
  const took = ms === undefined ? '' : `  (${Math.round(ms)} ms)`;
  sink(`${(performance.now() / 1000).toFixed(3).padStart(8)}  ${subject.padEnd(7)}  ${shown}${took}`);
}

/** Does some work, and logs it when it has ended, well or not. @param what As of `log`. */
export async function logged<T>(subject: Subject, what: string, work: () => Promise<T>): Promise<T> {
  if (sink === undefined) return work();
  const started = performance.now();
  try {
    const result = await work();
    log(subject, what, performance.now() - started);
    return result;
  } catch (error) {
    log(subject, `${what}: ${String(error)}`, performance.now() - started);
    throw error;
  }
}
