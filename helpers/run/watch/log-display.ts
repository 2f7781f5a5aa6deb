/** Shows the state where nothing can be redrawn: a log without control characters. */
import { changeLine, ENDLESS, noteLine, screenLines } from './screen.ts';
import { changesBetween, isSettled, type WatchState } from './state.ts';

export interface Display {
  /** Whether it is redrawn in place. */
  readonly isScreen: boolean;
  show(state: WatchState): void;
  /** Leaves the last state where it is. */
  end(): void;
}

/** The whole state once, when everything was looked at; then a line for each rule that changes. */
export class LogDisplay implements Display {
  readonly isScreen = false;
  readonly #stream: Pick<NodeJS.WritableStream, 'write'>;
  #told: WatchState | undefined;
  #trouble: string | undefined;

  constructor(stream: Pick<NodeJS.WritableStream, 'write'>) {
    this.#stream = stream;
  }

  show(state: WatchState): void {
    const at = new Date();
    if (state.trouble !== this.#trouble) {
      this.#trouble = state.trouble;
      this.#write([noteLine(state.trouble ?? 'looking again', at)]);
    }
    if (this.#told === undefined) {
      if (state.labs.length === 0 || !isSettled(state)) return;
      this.#write(screenLines(state, ENDLESS));
    } else {
      const changes = changesBetween(this.#told, state);
      this.#write(changes.map((change) => changeLine(change, at, state.labs.length > 1)));
    }
    this.#told = state;
  }

  end(): void {
    // Nothing to do: the log stays.
  }

  #write(lines: string[]): void {
    for (const line of lines) this.#stream.write(`${line}\n`);
  }
}
