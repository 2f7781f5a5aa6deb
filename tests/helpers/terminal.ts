/** A terminal for tests: what a program writes becomes what a user sees, also after the window was resized. */
import { EventEmitter } from 'node:events';
import type { WriteStream } from 'node:tty';
import { Terminal } from '@xterm/headless';

export interface TerminalSize {
  columns: number;
  rows: number;
}

export class TestTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly #screen: Terminal;

  constructor({ columns, rows }: TerminalSize) {
    super();
    this.#screen = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  }

  get columns(): number {
    return this.#screen.cols;
  }

  get rows(): number {
    return this.#screen.rows;
  }

  /** As what a program takes for its standard output. */
  get stream(): WriteStream {
    return this as unknown as WriteStream;
  }

  write(text: string): boolean {
    this.#screen.write(text);
    return true;
  }

  /** Breaks lines anew, as a window does, and tells the program. */
  async resize({ columns, rows }: TerminalSize): Promise<void> {
    await this.#written();
    this.#screen.resize(columns, rows);
    this.emit('resize');
  }

  /** The lines that can be seen, without empty ones at the end. */
  async seen(): Promise<string> {
    await this.#written();
    const { active } = this.#screen.buffer;
    const lines = Array.from(
      { length: this.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    );
    return lines.join('\n').trimEnd();
  }

  #written(): Promise<void> {
    return new Promise((resolve) => {
      this.#screen.write('', resolve);
    });
  }
}
