/** The grader's end of a connection that the probe agent carries. */
import { Duplex } from 'node:stream';
import type { ChannelLine } from './protocol.ts';

export class AgentChannel extends Duplex {
  readonly #say: (line: ChannelLine) => void;
  readonly #id: number;

  constructor(id: number, say: (line: ChannelLine) => void) {
    super();
    this.#id = id;
    this.#say = say;
  }

  /** What comes from the other end. */
  receive(line: ChannelLine): void {
    if ('data' in line) this.push(Buffer.from(line.data, 'base64'));
    else this.destroy();
  }

  override _read(): void {
    // What arrives is pushed as it comes.
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#say({ id: this.#id, data: chunk.toString('base64') });
    done();
  }

  override _final(done: () => void): void {
    this.#say({ id: this.#id, end: true });
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.writableFinished) this.#say({ id: this.#id, end: true });
    this.push(null);
    done(error);
  }
}
