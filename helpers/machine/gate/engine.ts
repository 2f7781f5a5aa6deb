/** The engine behind a gate: passes requests on, and finds out which id a name stands for. */
import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Thing } from './act.ts';

/** Bytes of a request's body that is read: a description of something to create. */
const BODY_LIMIT = 4 * 1024 * 1024;
const QUESTION_MS = 20_000;

export class Engine {
  readonly #socketPath: string;
  readonly #agent = new http.Agent({ keepAlive: true });

  constructor(socketPath: string) {
    this.#socketPath = socketPath;
  }

  close(): void {
    this.#agent.destroy();
  }

  /** Passes a request on. @param body If given, replaces the request's own body. */
  send(request: http.IncomingMessage, body?: Buffer): Promise<http.IncomingMessage> {
    return new Promise((resolve, reject) => {
      const headers = { ...request.headers };
      if (body !== undefined) {
        delete headers['transfer-encoding'];
        headers['content-length'] = String(body.length);
      }
      const { method = 'GET', url: path = '/' } = request;
      const sent = http.request({ socketPath: this.#socketPath, agent: this.#agent, method, path, headers }, resolve);
      sent.once('error', reject);
      request.once('close', () => {
        if (!request.complete) sent.destroy();
      });
      if (body === undefined) request.pipe(sent);
      else sent.end(body);
    });
  }

  /** Asks for a connection to be taken over, as a request does. @throws when the engine does not. */
  upgrade({ method = 'POST', url: path = '/', headers }: http.IncomingMessage): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const sent = http.request({ socketPath: this.#socketPath, method, path, headers });
      sent.once('error', reject);
      sent.once('response', (reply) => {
        reject(new Error(`the engine answered with status ${reply.statusCode}`));
        reply.destroy();
      });
      sent.once('upgrade', (_, socket, head) => {
        if (head.length > 0) socket.unshift(head);
        resolve(socket);
      });
      sent.end();
    });
  }

  /** @throws when the body is larger than `BODY_LIMIT`. */
  async bodyOf(message: http.IncomingMessage): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of message as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > BODY_LIMIT) throw new Error(`a message of more than ${BODY_LIMIT} bytes`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }

  /** The id that a name, an id or the beginning of an id stands for; for a volume, its name. */
  async idOf(what: Thing, ref: string): Promise<string | undefined> {
    const name = encodeURIComponent(ref);
    const path = {
      container: `/containers/${name}/json`,
      network: `/networks/${name}`,
      volume: `/volumes/${name}`,
      image: `/images/${name}/json`,
    };
    const found = (await this.#get(path[what])) as { Id?: string; Name?: string } | undefined;
    return what === 'volume' ? found?.Name : found?.Id;
  }

  async #get(path: string): Promise<unknown> {
    const reply = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const question = http.get(
        { socketPath: this.#socketPath, agent: this.#agent, path, timeout: QUESTION_MS },
        resolve,
      );
      question.once('error', reject);
      question.once('timeout', () => question.destroy(new Error(`no answer in ${QUESTION_MS / 1000} s`)));
    });
    const body = await this.bodyOf(reply);
    return reply.statusCode === 200 ? JSON.parse(body.toString('utf8')) : undefined;
  }
}
