/** Shows the state: redrawn in place in a terminal, as a log elsewhere. */
import type { WriteStream } from 'node:tty';
import { LogDisplay, type Display } from './log-display.ts';
import { screenLines } from './screen.ts';
import type { WatchState } from './state.ts';

/** What a terminal does when it reads this (ECMA-48, and xterm's control sequences). */
const TERMINAL = {
  hideCursor: '\u001b[?25l',
  showCursor: '\u001b[?25h',
  up: (lines: number) => (lines === 0 ? '\r' : `\r\u001b[${lines}A`),
  clearLine: '\r\u001b[2K',
  clearToEndOfLine: '\u001b[K',
  clearBelow: '\u001b[J',
  toCorner: '\u001b[H',
  /** Shows what comes between the two at once. */
  begin: '\u001b[?2026h',
  end: '\u001b[?2026l',
};

/** A terminal that can move its cursor, and knows its size, gets a screen. */
export function displayOn(stream: WriteStream, env: NodeJS.ProcessEnv): Display {
  const isScreen = stream.isTTY && env['TERM'] !== 'dumb' && stream.columns > 0 && stream.rows > 0;
  return isScreen ? new ScreenDisplay(stream, env['NO_COLOR'] === undefined) : new LogDisplay(stream);
}

export class ScreenDisplay implements Display {
  readonly isScreen = true;
  readonly #stream: WriteStream;
  readonly #colours: boolean;
  /** The lines that were drawn last; the cursor is below them. */
  #drawn: string[] = [];
  #state: WatchState | undefined;
  readonly #redraw = (): void => {
    // A terminal that gets narrower breaks lines anew: nobody knows where those that were drawn are now. So all are cleared.
    this.#stream.write(TERMINAL.toCorner + TERMINAL.clearBelow);
    this.#drawn = [];
    if (this.#state !== undefined) this.show(this.#state);
  };

  constructor(stream: WriteStream, colours: boolean) {
    this.#stream = stream;
    this.#colours = colours;
    stream.on('resize', this.#redraw);
  }

  show(state: WatchState): void {
    this.#state = state;
    const { columns: width, rows: height } = this.#stream;
    const lines = screenLines(state, { width, height, colours: this.#colours });
    if (lines.join('\n') === this.#drawn.join('\n')) return;
    const rows = lines.map((line) => `${line}${TERMINAL.clearToEndOfLine}\n`).join('');
    const { begin, hideCursor, up, clearBelow, end } = TERMINAL;
    this.#stream.write(`${begin}${hideCursor}${up(this.#drawn.length)}${rows}${clearBelow}${end}`);
    this.#drawn = lines;
  }

  end(): void {
    this.#stream.off('resize', this.#redraw);
    // The terminal may show the key that ended the program, e.g. `^C`.
    this.#stream.write(TERMINAL.clearLine + TERMINAL.showCursor);
  }
}
