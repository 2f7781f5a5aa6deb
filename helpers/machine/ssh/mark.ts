/**
 * Tells a command's output from what the login shell's start-up files print: a line that nobody else writes, printed on
 * both outputs right before the command starts.
 */
import { randomBytes } from 'node:crypto';

/** What start-up files may print at most. */
const NOISE_LIMIT = 65_536;

export class Mark {
  readonly text = `netgrade-${randomBytes(8).toString('hex')}`;
  /** The shell commands that print the mark. On standard error, the process's id follows, which is also its group's id. */
  readonly shell = `echo ${this.text}; echo ${this.text} "$$" >&2`;
}

/** Reads one of the two outputs, and passes on only what comes after the mark. */
export class MarkedOutput {
  readonly #mark: string;
  #before = Buffer.alloc(0);
  /** The rest of the line after the mark; undefined until the mark has come. */
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

  /** What was printed so far without a mark. If the command did not start, it says why. */
  get noise(): string {
    return this.#before.toString('utf8').trim();
  }
}
