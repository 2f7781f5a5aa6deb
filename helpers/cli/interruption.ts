/** Ends a run in order when the user interrupts it, the system ends it, or its terminal is closed. */

/** Exit codes as a shell has them: 128 and the signal's number. */
const EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 };

export class Interruption {
  readonly #stopping = new AbortController();
  #exitCode: number | undefined;

  /** @param stop Called once, with the signal's name. */
  constructor(stop: (signal: string) => void) {
    for (const [signal, exitCode] of Object.entries(EXIT_CODES)) {
      // Not `once`, because one Ctrl-C sends the signal twice: from the terminal and from npm.
      process.on(signal, () => {
        if (this.#exitCode !== undefined) return;
        this.#exitCode = exitCode;
        if (process.stderr.isTTY) process.stderr.write('\n'); // behind the terminal's ^C
        stop(signal);
        this.#stopping.abort();
      });
    }
    // A terminal that is closed takes nothing any more, maybe before the signal comes. The run has to end in order nevertheless.
    for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  }

  /** Aborted when the run is to end. */
  get signal(): AbortSignal {
    return this.#stopping.signal;
  }

  /** With which code the process ends then; undefined while nothing has interrupted it. */
  get exitCode(): number | undefined {
    return this.#exitCode;
  }
}
