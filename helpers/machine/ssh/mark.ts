/**
 * Tells a command's output from what the login shell's start-up files print: a line that nobody else writes, printed on
 * both outputs right before the command starts.
 */
import { randomBytes } from 'node:crypto';

/** What start-up files may print at most. */
const NOISE_LIMIT = 65_536;

export class Mark {
  readonly text = `netgrade-${randomBytes(8).toString('hex')}`;
  /** Shell that prints it; on standard error with the process's id, which is that of its group, too. */
  readonly shell = `echo ${this.text}; echo ${this.text} "$$" >&2`;
}

/** One of the two outputs: passes on what comes after the mark. */
export class MarkedOutput {
  readonly #mark: string;
  #before = Buffer.alloc(0);
  /** What stands behind the mark in its line, once it came. */
  line: string | undefined;

  constructor(mark: Mark) {
    this.#mark = mark.text;
  }

  /** @returns the part of the chunk that is the command's. */
  add(chunk: Buffer): Buffer {
    if (this.line !== undefined) return chunk;
    const all = Buffer.concat([this.#before, chunk]);
    const start = all.indexOf(this.#mark);
    const end = start < 0 ? -1 : all.indexOf('\n', start);
    if (end < 0) {
      this.#before = all.subarray(-NOISE_LIMIT);
      return Buffer.alloc(0);
    }
    this.line = all.toString('utf8', start + this.#mark.length, end).trim();
    this.#before = Buffer.alloc(0);
    return all.subarray(end + 1);
  }

  /** What came in place of the mark: why the command did not start. */
  get noise(): string {
    return this.#before.toString('utf8').trim();
  }
}
