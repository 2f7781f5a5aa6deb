/** Shows the state: redrawn in place in a terminal, as a log elsewhere. */
import type { WriteStream } from 'node:tty';
import { createLogUpdate } from 'log-update';
import { LogDisplay, type Display } from './log-display.ts';
import { screenLines } from './screen.ts';
import type { WatchState } from './state.ts';

/** Clears the line in which the terminal shows the key that ended the program, e.g. `^C`. */
const CLEAR_LINE = '\r\u001b[2K';

/** A terminal that can move its cursor, and knows its size, gets a screen. */
export function displayOn(stream: WriteStream, env: NodeJS.ProcessEnv): Display {
  const isScreen = stream.isTTY && env['TERM'] !== 'dumb' && stream.columns > 0 && stream.rows > 0;
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
    this.#stream.write(CLEAR_LINE);
    this.#draw.done();
  }
}
