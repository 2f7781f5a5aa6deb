/**
 * A channel of a connection as an ordinary stream. ssh2's own ones know no error, and a write to one whose connection is
 * gone never comes back.
 */
import { Duplex } from 'node:stream';
import type { Channel } from 'ssh2';
import { InfrastructureError } from '../../base/failure.ts';
import type { Connection, Exit } from './connection.ts';
import { MarkedOutput, type Mark } from './mark.ts';

const STDERR_LIMIT = 4_096;

export class ChannelStream extends Duplex {
  /** Settles when the command has started; at once for a channel without a mark. */
  readonly started: Promise<void>;
  readonly #channel: Channel;
  readonly #forget: () => void;
  #readSomething = false;
  #isOver = false;
  #errors = '';
  readonly #exit: Exit | undefined;

  /** @param command What the command prints first, and how it ends; absent where it is somebody's connection. */
  constructor(channel: Channel, connection: Connection, command?: { mark: Mark; exit: Exit }) {
    super({ allowHalfOpen: true });
    const mark = command?.mark;
    this.#exit = command?.exit;
    this.#channel = channel;
    this.#forget = connection.onEnd((end) => this.destroy(end));
    const output = mark === undefined ? undefined : new MarkedOutput(mark);
    const errors = mark === undefined ? undefined : new MarkedOutput(mark);
    this.started = new Promise((resolve, reject) => {
      if (output === undefined) resolve();
      this.once('close', () => {
        reject(this.errored ?? new InfrastructureError('the command did not start'));
      });
      channel.on('data', (chunk: Buffer) => {
        const part = output?.add(chunk) ?? chunk;
        if (output?.line !== undefined) resolve();
        if (part.length > 0 && !this.#take(part)) channel.pause();
      });
    });
    this.started.catch(() => undefined); // Not everybody asks.
    channel.stderr.on('data', (chunk: Buffer) => {
      const part = errors?.add(chunk) ?? chunk;
      this.#errors = (this.#errors + part.toString('utf8')).slice(-STDERR_LIMIT);
    });
    channel.once('end', () => {
      // A command's end may arrive before its exit code, which says whether having said nothing was a failure.
      if (mark === undefined || this.#readSomething) this.push(null);
    });
    channel.once('close', () => {
      // Not at once: whoever waits for the start gets the stream first, then its error.
      setImmediate(() => {
        this.#over(this.#failure(errors?.noise));
      });
    });
    channel.on('error', (error: Error) => this.destroy(error));
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#isOver) done(new Error('the other end is closed'));
    else this.#channel.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    if (!this.#isOver) this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#isOver = true;
    this.#forget();
    this.#channel.close();
    // A channel with something unread is never over, and would keep its place on the connection.
    this.#channel.resume();
    done(error);
  }

  #take(part: Buffer): boolean {
    if (this.destroyed) return true;
    this.#readSomething = true;
    return this.push(part);
  }

  /** A command that fails before it says anything has failed as a whole. */
  #failure(noise: string | undefined): Error | undefined {
    if (this.#exit?.code === undefined || this.#exit.code === 0 || this.#readSomething) return undefined;
    const said = (this.#errors.trim() || noise) ?? '';
    const how = this.#exit.signal ?? `exit code ${String(this.#exit.code)}`;
    return new Error(said.split('\n').at(-1) || `the command ended at once (${how})`);
  }

  #over(failure: Error | undefined): void {
    this.#isOver = true;
    if (this.destroyed) return;
    if (failure !== undefined) this.destroy(failure);
    else if (this.readableEnded) this.destroy();
    else {
      this.push(null);
      this.once('end', () => this.destroy());
    }
  }
}
