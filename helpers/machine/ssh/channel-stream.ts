/**
 * Makes an ordinary stream of a channel of an ssh connection. ssh2's own channels report no error when the connection is lost,
 * and a write to such a channel never ends.
 */
import { Duplex } from 'node:stream';
import type { Channel } from 'ssh2';
import { InfrastructureError } from '../../base/failure.ts';
import type { Connection, Exit } from './connection.ts';
import { MarkedOutput, type Mark } from './mark.ts';

const STDERR_LIMIT = 4_096;

export class ChannelStream extends Duplex {
  /** Resolves when the command has started, or at once if there is no command. Rejects when the command does not start. */
  readonly started: Promise<void>;
  readonly #channel: Channel;
  readonly #forget: () => void;
  #readSomething = false;
  #isOver = false;
  #errors = '';
  readonly #exit: Exit | undefined;

  /** @param command What the command prints first, and how it ended. Absent for a connection that arrived at a socket. */
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
    this.started.catch(() => undefined); // no unhandled rejection: not every caller waits for the start
    channel.stderr.on('data', (chunk: Buffer) => {
      const part = errors?.add(chunk) ?? chunk;
      this.#errors = (this.#errors + part.toString('utf8')).slice(-STDERR_LIMIT);
    });
    channel.once('end', () => {
      // The end of the output may arrive before the exit code. If there was no output, only the exit code shows whether the
      // command failed, so the stream does not end yet.
      if (mark === undefined || this.#readSomething) this.push(null);
    });
    channel.once('close', () => {
      // Not at once, so that a caller who waits for the start has the stream before the stream's error comes.
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
    // What is unread is dropped. Otherwise the channel would never close, and would count as one of the connection's sessions.
    this.#channel.resume();
    done(error);
  }

  #take(part: Buffer): boolean {
    if (this.destroyed) return true;
    this.#readSomething = true;
    return this.push(part);
  }

  /** The stream's error when the command failed without printing anything; undefined otherwise. */
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
