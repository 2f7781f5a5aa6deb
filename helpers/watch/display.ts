/** Puts the state where the student reads it: redrawn in place in a terminal, as a log anywhere else. */
import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import { changeLine, ENDLESS, noteLine, screenLines } from './screen.ts';
import { changesBetween, isSettled, type WatchState } from './state.ts';

export interface Display {
  show(state: WatchState): void;
  /** Leaves the last state where it is. */
  end(): void;
}

/** A terminal that can move its cursor gets a screen. */
export function displayOn(stream: WriteStream, env: NodeJS.ProcessEnv): Display {
  const isScreen = stream.isTTY && env['TERM'] !== 'dumb';
  return isScreen ? new ScreenDisplay(stream, env['NO_COLOR'] === undefined) : new LogDisplay(stream);
}

class ScreenDisplay implements Display {
  readonly #stream: WriteStream;
  readonly #colours: boolean;
  readonly #draw: ReturnType<typeof createLogUpdate>;
  readonly #redraw = (): void => {
    if (this.#state !== undefined) this.show(this.#state);
  };
  #state: WatchState | undefined;

  constructor(stream: WriteStream, colours: boolean) {
    this.#stream = stream;
    this.#colours = colours;
    this.#draw = createLogUpdate(stream);
    stream.on('resize', this.#redraw);
  }

  show(state: WatchState): void {
    this.#state = state;
    const { columns: width, rows: height } = this.#stream;
    this.#draw(screenLines(state, { width, height, colours: this.#colours }).join('\n'));
  }

  end(): void {
    this.#stream.off('resize', this.#redraw);
    this.#draw.done();
  }
}

/** The whole state once, when everything was looked at; then a line for each rule that changes. */
export class LogDisplay implements Display {
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
      if (!isSettled(state)) return;
      this.#write(screenLines(state, ENDLESS));
    } else {
      const changes = changesBetween(this.#told, state);
      this.#write(changes.map((change) => changeLine(change, at, state.labs.length > 1)));
    }
    this.#told = state;
  }

  end(): void {
    // What was written stands.
  }

  #write(lines: string[]): void {
    for (const line of lines) this.#stream.write(`${line}\n`);
  }
}
