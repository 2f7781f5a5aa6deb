/** The grader's end of the stream to a lab host's probe agent. */
import { createInterface } from 'node:readline';
import type { Duplex, Readable, Writable } from 'node:stream';
import { InfrastructureError } from '../../base/failure.ts';
import { cut, oneLine } from '../../base/inert.ts';
import { isLogging, logged } from '../../base/log.ts';
import { AgentChannel } from './agent-channel.ts';
import { lineOf } from './agent/json-line.ts';
import type { AnswerTo, Place, ProbeQuestion, ReplyLine, RequestLine } from './protocol.ts';

/** Milliseconds that an answer may take beyond the question's own timeout, e.g. because a probe has to start first. */
const GRACE_MS = 15_000;
/** So much of what it wrote to its standard error is kept, and shown of its last line. */
const MOST_ERRORS = 2_000;
const MOST_SHOWN = 200;
/** For questions that wait for nothing. */
const INSTANT_MS = 0;

interface Pending {
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
  deadline: NodeJS.Timeout;
}

export class AgentClient {
  readonly #input: Writable;
  readonly #pending = new Map<number, Pending>();
  readonly #channels = new Map<number, AgentChannel>();
  #lastId = 0;
  #errors = '';
  #closed: InfrastructureError | undefined;

  /** @param streams The agent's standard input, output and error. */
  constructor(streams: { input: Writable; output: Readable; errors?: Readable }) {
    this.#input = streams.input;
    streams.errors?.on('data', (chunk: Buffer) => {
      this.#errors = `${this.#errors}${chunk.toString()}`.slice(-MOST_ERRORS);
    });
    this.#input.on('error', (error) => {
      this.close(error.message);
    });
    createInterface({ input: streams.output })
      .on('line', (line) => {
        this.#read(line);
      })
      .once('close', () => {
        this.close('its stream ended');
      });
  }

  /** Why no more questions can be asked; undefined while they can. */
  get closed(): InfrastructureError | undefined {
    return this.#closed;
  }

  /**
   * Asks one question; questions run side by side.
   *
   * @throws {InfrastructureError} when the probe could not be carried out: that says nothing about the student's work.
   */
  ask<Q extends ProbeQuestion>(place: Place, question: Q): Promise<AnswerTo<Q>> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    return isLogging()
      ? logged('agent', inWords(place, question), () => this.#ask(place, question))
      : this.#ask(place, question);
  }

  #ask<Q extends ProbeQuestion>(place: Place, question: Q): Promise<AnswerTo<Q>> {
    const id = ++this.#lastId;
    const timeoutMs = 'timeoutMs' in question ? question.timeoutMs : INSTANT_MS;
    return new Promise((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#pending.delete(id);
        reject(
          new InfrastructureError(`the probe agent did not answer "${question.ask}" in ${timeoutMs + GRACE_MS} ms`),
        );
      }, timeoutMs + GRACE_MS);
      this.#pending.set(id, { resolve, reject, deadline });
      this.#say({ id, place, question });
    });
  }

  /**
   * Connects to a unix socket of the agent's machine.
   *
   * @throws {InfrastructureError} when the agent is gone. A stream that fails at once would do so before its caller listens.
   */
  dial(path: string): Promise<Duplex> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed);
    const id = ++this.#lastId;
    const channel = new AgentChannel(id, (line) => {
      this.#say(line);
    });
    this.#channels.set(id, channel);
    channel.once('close', () => this.#channels.delete(id));
    this.#say({ id, dial: path });
    return Promise.resolve(channel);
  }

  #say(line: RequestLine): void {
    if (this.#closed === undefined) this.#input.write(lineOf(line));
  }

  /** Reads one line of the agent. A killed agent may leave half a line. */
  #read(line: string): void {
    let reply: ReplyLine;
    try {
      reply = JSON.parse(line) as ReplyLine;
    } catch {
      this.close('it broke off in the middle of an answer');
      return;
    }
    this.#receive(reply);
  }

  #receive(reply: ReplyLine): void {
    if (!('answer' in reply || 'error' in reply)) {
      this.#channels.get(reply.id)?.receive(reply);
      return;
    }
    const pending = this.#pending.get(reply.id);
    if (pending === undefined) return; // its deadline has passed
    this.#pending.delete(reply.id);
    clearTimeout(pending.deadline);
    if ('error' in reply) pending.reject(new InfrastructureError(`a probe failed: ${reply.error}`));
    else pending.resolve(reply.answer as never);
  }

  /** Rejects all open and all later questions: the agent's machine is gone. */
  close(why: string): void {
    this.#input.destroy(); // the engine does not close the stream of every dead process, and an open one keeps us alive
    const lines = this.#errors.split('\n').filter((line) => line.trim() !== '');
    const last = lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1); // behind an error, Node prints more
    const words = last === undefined ? '' : `; its last words were "${cut(oneLine(last), MOST_SHOWN)}"`;
    this.#closed ??= new InfrastructureError(`the probe agent on the lab host is gone: ${why}${words}`);
    for (const { reject, deadline } of this.#pending.values()) {
      clearTimeout(deadline);
      reject(this.#closed);
    }
    this.#pending.clear();
    for (const channel of this.#channels.values()) channel.destroy();
  }
}

/** For the log: the kind of question, and of a command its words. */
function inWords(place: Place, question: ProbeQuestion): string {
  const where = typeof place === 'object' ? `process ${place.pid}` : place;
  return `${where}: ${question.ask}${question.ask === 'run' ? ` ${question.argv.join(' ')}` : ''}`;
}
