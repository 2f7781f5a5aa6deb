/**
 * Serves the live page: to this machine only, and there to whoever knows its address, which cannot be guessed. What a student's
 * containers are called is nobody else's business.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** IPv4's loopback: other machines cannot reach it, whatever a firewall lets through. */
const LOOPBACK = '127.0.0.1';
const TOKEN_BYTES = 16;
/** A browser has a few connections for each tab. */
const MOST_CONNECTIONS = 64;

/** Nothing is kept, framed, guessed or handed on. Of the page itself, its own policy says what may run. */
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** Parts of the page, by their ids: markup in which everything is escaped. */
export type Parts = Record<string, string>;

export interface Source {
  /** The whole page, as of now. */
  page(): Promise<string>;
  /** Its parts, as of now. */
  parts(): Promise<Parts>;
}

export class LiveServer {
  readonly #server: http.Server;
  readonly #source: Source;
  readonly #token = randomBytes(TOKEN_BYTES).toString('base64url');
  readonly #listeners = new Set<http.ServerResponse>();

  private constructor(source: Source) {
    this.#source = source;
    this.#server = http.createServer((request, response) => {
      this.#answer(request, response).catch(() => response.destroy());
    });
    this.#server.maxConnections = MOST_CONNECTIONS;
    this.#server.unref();
  }

  static async start(source: Source): Promise<LiveServer> {
    const server = new LiveServer(source);
    server.#server.listen(0, LOOPBACK);
    await once(server.#server, 'listening');
    return server;
  }

  get url(): string {
    return `http://${LOOPBACK}:${this.#port}/${this.#token}/`;
  }

  /** Whether anybody looks. */
  get isWatched(): boolean {
    return this.#listeners.size > 0;
  }

  /** Sends the parts to all pages that are open. */
  push(parts: Parts): void {
    for (const listener of this.#listeners) send(listener, 'parts', parts);
  }

  /** Tells all pages that nothing more comes, and why; then stops serving. */
  end(reason: string): void {
    for (const listener of this.#listeners) {
      send(listener, 'ended', { reason });
      listener.end();
    }
    this.#listeners.clear();
    this.#server.close();
    this.#server.closeIdleConnections();
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const refused = this.#refusal(request);
    if (refused !== undefined) {
      response.writeHead(refused, { ...HEADERS, 'content-type': 'text/plain' }).end();
      return;
    }
    if (request.url?.endsWith('/events')) {
      response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream' });
      this.#listeners.add(response);
      response.on('close', () => this.#listeners.delete(response));
      send(response, 'parts', await this.#source.parts());
      return;
    }
    const page = await this.#source.page();
    response.writeHead(200, { ...HEADERS, 'content-type': 'text/html; charset=utf-8' }).end(page);
  }

  /** @returns the status of a refusal, or undefined. Nobody is told whether it was the token or the path that is wrong. */
  #refusal({ method, url = '', headers }: http.IncomingMessage): number | undefined {
    // A name of somebody else's that leads here (DNS rebinding) would make their page and this one the same site.
    const names = [LOOPBACK, 'localhost'].map((name) => `${name}:${this.#port}`);
    if (!names.includes(headers.host ?? '')) return 403;
    if (!['none', 'same-origin', undefined].includes(headers['sec-fetch-site'])) return 403;
    const [, token, path, ...more] = url.split('/');
    const isKnown = ['', 'events'].includes(path ?? '-') && more.length === 0;
    if (!isSame(token ?? '', this.#token) || !isKnown) return 404;
    return method === 'GET' ? undefined : 405;
  }
}

/** Compares two texts in a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** JSON has no line ends outside of strings, and escapes those inside: an event's data is one line. */
function send(listener: http.ServerResponse, event: string, data: unknown): void {
  listener.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
