/**
 * Where the judge leaves a survey for Jest's environment and finds the spec's verdicts: the same process, but another
 * module loader, so a property of the global object. Not a configuration option: ts-jest makes a new compiler for
 * every new configuration, which takes half a second.
 */
const MAILBOX = Symbol.for('netgrade.mailbox');

export interface Mailbox {
  /** JSON of the survey that the next spec judges. */
  survey: string;
  /** JSON of the lab's topology, or nothing. */
  topology: string;
  /** JSON of each verdict of the last spec. */
  verdicts: string[];
}

export function mailbox(): Mailbox {
  const holder = globalThis as Record<symbol, unknown>;
  holder[MAILBOX] ??= { survey: '', topology: '', verdicts: [] } satisfies Mailbox;
  return holder[MAILBOX] as Mailbox;
}
