/**
 * A gate to a Docker Engine that others use, too: a unix socket through which a submission's commands, and our own
 * experiments, reach the engine. What is created through the gate is labelled and recorded. What others created cannot
 * be changed through it. It prevents accidents on a shared machine; it does not stop an attacker, who can find another
 * way.
 */
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { reasonOf } from '../../base/failure.ts';
import { ownPath } from '../lab-host/own-files.ts';
import { actOf, type Act } from './act.ts';
import { Engine } from './engine.ts';
import { ImageBooks, passHeard } from './image-books.ts';
import { refusalOf, type GatePolicy } from './policy.ts';
import { nothingMade, type Made } from './made.ts';

/** How long the engine may take for one change. */
const CHANGE_MS = 30_000;
/** Bytes of a request's address and headers, as an engine takes them: build arguments are in the address. */
const HEADERS_LIMIT = 1024 * 1024;
const BUILD = /\/build(\?|$)/;
/** What BuildKit's clients ask. Sessions (`/session`) go the other way: there the engine asks. */
const GRPC = /\/grpc$/;

export interface GateOptions {
  /** The engine's own unix socket. */
  engineSocket: string;
  policy: GatePolicy;
  /** Put on everything that is created through the gate. */
  labels: Record<string, string>;
}

export class Gate implements AsyncDisposable {
  /** The gate's own socket. */
  readonly socketPath = ownPath('.sock');
  readonly made: Made = nothingMade();
  /** Requests that were refused, in words. */
  readonly refused: string[] = [];
  /** What the engine itself refused to create or start, in its own words. */
  readonly failed: string[] = [];
  readonly #engine: Engine;
  readonly #options: GateOptions;
  readonly #server = http.createServer({ requestTimeout: 0, keepAliveTimeout: 0, maxHeaderSize: HEADERS_LIMIT });
  readonly #sockets = new Set<Duplex>();
  /** Requests that change something, and have not been answered yet. */
  readonly #changing = new Set<Promise<void>>();
  /** Connections of clients that have something built. */
  readonly #building = new Set<Duplex>();
  /** Absent where nothing is removed afterwards. */
  readonly #images: ImageBooks | undefined;
  #barred: string | undefined;

  private constructor(options: GateOptions) {
    this.#options = options;
    this.#engine = new Engine(options.engineSocket);
    if (options.policy === 'own-things')
      this.#images = new ImageBooks(new Docker({ socketPath: options.engineSocket }));
    this.#server.on('connection', (socket) => {
      this.#keep(socket);
    });
    this.#server.on('request', (request, response) => {
      const act = actOf(request.method ?? '', request.url ?? '/');
      const served = this.#serve(act, request, response).catch((error: unknown) => {
        answer(response, 502, `the engine did not answer: ${reasonOf(error)}`);
      });
      if (act.act === 'look') return;
      this.#changing.add(served);
      void served.then(() => this.#changing.delete(served));
    });
    // There is no answer any more that could say why; whoever asked sees that the connection ends.
    this.#server.on('upgrade', (request: http.IncomingMessage, socket: Duplex, head: Buffer) => {
      this.#upgrade(request, socket, head).catch(() => socket.destroy());
    });
  }

  static async open(options: GateOptions): Promise<Gate> {
    const gate = new Gate(options);
    gate.#server.listen(gate.socketPath);
    await once(gate.#server, 'listening');
    return gate;
  }

  /** Serves a connection that arrived elsewhere, e.g. over ssh. */
  forward(stream: Duplex): void {
    join(stream, this.#keep(net.connect({ path: this.socketPath, allowHalfOpen: true })));
  }

  /**
   * From now on nothing is changed through the gate any more. Returns when the engine has done what it was asked before.
   *
   * @param why What is answered to whoever asks for a change.
   */
  async bar(why: string): Promise<void> {
    this.#barred = why;
    for (const socket of this.#building) socket.destroy(); // nobody waits until something is built
    await Promise.race([Promise.all(this.#changing), delay(CHANGE_MS, undefined, { ref: false })]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#engine.close();
    await rm(this.socketPath, { force: true });
  }

  async #serve(act: Act, request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = act.act === 'make' || act.act === 'attach' ? await this.#engine.bodyOf(request) : undefined;
    const refusal = await this.#refusalOf(act, body);
    if (refusal !== undefined) {
      this.refused.push(refusal);
      request.resume();
      answer(response, 403, refusal);
      return;
    }
    const isNew = await this.#isNew(act, body);
    const listener = act.act === 'supply' ? await this.#images?.ask(request) : undefined;
    if (BUILD.test(request.url ?? '')) this.#building.add(request.socket);
    const sent = isNew ? labelled(body, this.#options.labels) : body;
    const reply = await this.#engine.send(request, sent);
    response.writeHead(reply.statusCode ?? 502, reply.statusMessage ?? '', reply.rawHeaders);
    response.flushHeaders();
    response.once('close', () => reply.destroy());
    // If the engine's answer breaks off, end ours, too: else a client that follows the engine's events waits for ever.
    reply.once('close', () => {
      if (!reply.complete) response.destroy();
    });
    if (isNew || failedToStart(request, reply)) await this.#note(act, reply, response);
    else if (listener !== undefined) await passHeard(reply, response, listener);
    else reply.pipe(response);
  }

  async #refusalOf(act: Act, body?: Buffer): Promise<string | undefined> {
    if (act.act !== 'look' && this.#barred !== undefined) return this.#barred;
    return refusalOf(act, { policy: this.#options.policy, made: this.made, engine: this.#engine, body });
  }

  /**
   * Whether the request creates something that we have to remove afterwards. If a volume exists already, the engine
   * answers its creation as if it were new. A network that an experiment makes anew for somebody else must stay.
   */
  async #isNew(act: Act, body: Buffer | undefined): Promise<boolean> {
    if (act.act !== 'make' || this.#options.policy !== 'own-things') return false;
    if (act.what !== 'volume') return true;
    const name = (parsed(body) as { Name?: string } | undefined)?.Name ?? '';
    return name === '' || (await this.#engine.idOf('volume', name)) === undefined;
  }

  async #note(act: Act, reply: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const text = await this.#engine.bodyOf(reply);
    response.end(text);
    const said = parsed(text) as { Id?: string; Name?: string; message?: string } | undefined;
    if ((reply.statusCode ?? 0) >= 400) this.failed.push(said?.message ?? `status ${reply.statusCode}`);
    else if (act.act === 'make' && act.what === 'volume' && said?.Name !== undefined) this.made.volumes.add(said.Name);
    else if (act.act === 'make' && act.what !== 'volume' && said?.Id !== undefined)
      this.made[act.what === 'container' ? 'containers' : 'networks'].add(said.Id);
  }

  /**
   * Requests that take over the connection (terminals, build sessions): after the headers, bytes are passed on both
   * ways.
   */
  async #upgrade(request: http.IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    this.#keep(socket);
    const act = actOf(request.method ?? '', request.url ?? '/');
    const refusal = await this.#refusalOf(act);
    if (refusal !== undefined) {
      this.refused.push(refusal);
      const message = JSON.stringify({ message: refusal });
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n${message}`);
      return;
    }
    this.#building.add(socket);
    socket.once('close', () => this.#building.delete(socket));
    if (this.#images !== undefined && GRPC.test(request.url ?? '')) {
      const engine = this.#keep(await this.#engine.upgrade(request));
      socket.write(
        `HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: ${request.headers.upgrade ?? 'h2c'}\r\n\r\n`,
      );
      if (head.length > 0) socket.unshift(head);
      this.#images.passBuilds(socket, engine);
      return;
    }
    const engine = this.#keep(net.connect({ path: this.#options.engineSocket, allowHalfOpen: true }));
    engine.write(`${request.method} ${request.url} HTTP/1.1\r\n${headerLines(request.rawHeaders)}\r\n`);
    engine.write(head);
    join(socket, engine);
  }

  #keep<S extends Duplex>(socket: S): S {
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy()); // the other side then sees the end of the connection
    return socket;
  }
}

function failedToStart({ url }: http.IncomingMessage, { statusCode }: http.IncomingMessage): boolean {
  return (statusCode ?? 0) >= 400 && /\/containers\/[^/]+\/start(\?|$)/.test(url ?? '');
}

function join(one: Duplex, other: Duplex): void {
  one.pipe(other).pipe(one);
  for (const [a, b] of [
    [one, other],
    [other, one],
  ] as const) {
    a.on('error', () => b.destroy());
    a.once('close', () => b.destroy());
  }
}

function headerLines(raw: string[]): string {
  return raw.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
}

/** Answers with an error in the engine's own format. */
function answer(response: http.ServerResponse, status: number, message: string): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
}

function parsed(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '');
  } catch {
    return undefined; // not JSON: the engine says so
  }
}

function labelled(body: Buffer | undefined, labels: Record<string, string>): Buffer | undefined {
  const content = parsed(body) as { Labels?: Record<string, string> | null } | undefined;
  if (content === undefined) return body; // the engine will report what is wrong with it
  return Buffer.from(JSON.stringify({ ...content, Labels: { ...content.Labels, ...labels } }));
}
