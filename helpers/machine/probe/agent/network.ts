/**
 * The questions about the network. Each opens a connection of its own, names the outcome, and closes what it opened.
 */
import { Resolver } from 'node:dns/promises';
import http from 'node:http';
import type net from 'node:net';
import type {
  Connect,
  ConnectAnswer,
  Exchange,
  ExchangeAnswer,
  HttpAnswer,
  HttpGet,
  Reach,
  Resolve,
  ResolveAnswer,
} from '../protocol.ts';
import type { Standpoint } from './standpoint.ts';

const BODY_LIMIT = 4096;
const LOCATION_LIMIT = 2048;
const MESSAGE_LIMIT = 65_536;

/** The errors of connect(2) that are facts about the network. Every other error is a fault of the probe. */
const REACH_BY_ERRNO: Record<string, Reach> = {
  ECONNREFUSED: 'refused',
  // A reset of a connection that had opened: the packets arrived.
  ECONNRESET: 'refused',
  EPIPE: 'refused',
  ETIMEDOUT: 'no-answer',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  // A REJECT rule with icmp-admin-prohibited, and a source address that cannot get there.
  EACCES: 'unreachable',
  EPERM: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENONET: 'unreachable',
  // A blackhole route.
  EINVAL: 'unreachable',
};

function reachOf({ code = 'unknown' }: NodeJS.ErrnoException): { outcome: Reach; errno: string } | undefined {
  const outcome = REACH_BY_ERRNO[code];
  return outcome === undefined ? undefined : { outcome, errno: code };
}

export async function connect(from: Standpoint, question: Connect): Promise<ConnectAnswer> {
  const answer: ConnectAnswer & { received?: string } = await exchange(from, {
    ...question,
    ask: 'exchange',
    send: '',
    enough: 0,
  });
  delete answer.received;
  return answer;
}

export function exchange(
  from: Standpoint,
  { address, port, send, enough, timeoutMs }: Exchange,
): Promise<ExchangeAnswer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const received: Buffer[] = [];
    let length = 0;
    let opened = false;
    let sourcePort: number | undefined;
    const socket = from.socket(address).connect({ host: address, port });
    // Node begins to connect in the next tick; after a failure, the port could not be read any more.
    process.nextTick(() => {
      sourcePort = (socket.address() as Partial<net.AddressInfo>).port;
    });
    const finish = (reach: { outcome: Reach; errno?: string }): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({
        ...reach,
        ...(sourcePort !== undefined && { sourcePort }),
        received: Buffer.concat(received).toString('base64'),
        ms: Math.round(performance.now() - started),
      });
    };
    const timer = setTimeout(() => {
      finish({ outcome: opened ? 'open' : 'no-answer' });
    }, timeoutMs);
    socket.once('connect', () => {
      opened = true;
      if (enough === 0) finish({ outcome: 'open' });
      else socket.write(Buffer.from(send, 'base64'));
    });
    socket.on('data', (chunk) => {
      received.push(chunk);
      length += chunk.length;
      if (length >= (enough === 'message' ? messageLength(received) : enough)) finish({ outcome: 'open' });
    });
    socket.once('end', () => {
      finish({ outcome: 'open' });
    });
    socket.once('error', (error) => {
      const reach = opened ? { outcome: 'open' as const } : reachOf(error);
      if (reach !== undefined) {
        finish(reach);
        return;
      }
      clearTimeout(timer);
      reject(error);
    });
  });
}

function messageLength(received: Buffer[]): number {
  const head = Buffer.concat(received).subarray(0, 4);
  return head.length < 4 ? 4 : Math.min(head.readUInt32LE(), MESSAGE_LIMIT);
}

export function httpGet(from: Standpoint, { address, port, path, tls, timeoutMs }: HttpGet): Promise<HttpAnswer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const ms = (): number => Math.round(performance.now() - started);
    const close = (): void => {
      clearTimeout(timer);
      request.destroy();
      // Under TLS, it may not be the request's yet.
      socket.destroy();
    };
    const socket = from.socket(address).connect({ host: address, port });
    let connected = false;
    socket.once('connect', () => (connected = true));
    // As browsers do: the port is named unless it is the usual one.
    const host = port === (tls ? 443 : 80) ? 'localhost' : `localhost:${port}`;
    const request = http.get(
      {
        ...{ host: address, port, path, headers: { host } },
        // Must be given without `agent`: with an agent, Node does not call it.
        createConnection: () => (tls ? encrypted(socket) : socket),
      },
      (response) => {
        const answer = (): void => {
          close();
          const server = [response.headers.server].flat()[0];
          const { location } = response.headers;
          resolve({
            outcome: 'answered',
            status: response.statusCode ?? 0,
            ...(server === undefined ? {} : { server }),
            ...(location === undefined ? {} : { location: location.slice(0, LOCATION_LIMIT) }),
            body: body.slice(0, BODY_LIMIT),
            ms: ms(),
          });
        };
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
          if (body.length >= BODY_LIMIT) answer();
        });
        response.once('end', answer);
        response.once('error', answer);
      },
    );
    const timer = setTimeout(() => {
      close();
      resolve({ outcome: 'no-answer', ms: ms() });
    }, timeoutMs);
    request.once('error', (error: NodeJS.ErrnoException) => {
      close();
      // A parse error (HPE_…) or an answerless end means that something listens there which is not HTTP. Of TLS, there are
      // as many errors as ways to fail.
      if (error.code?.startsWith('HPE_') || (connected && (tls || error.code === 'ECONNRESET'))) {
        resolve({ outcome: 'not-http', ms: ms() });
        return;
      }
      const reach = reachOf(error);
      if (reach === undefined) reject(error);
      else resolve({ outcome: reach.outcome, ms: ms() });
    });
  });
}

/** TLS over a connection that may still be coming about. Old versions and weak keys will do: nothing secret is sent. */
function encrypted(socket: net.Socket): net.Socket {
  // Most labs need no TLS: it is loaded when it is first used.
  const tls = process.getBuiltinModule('node:tls');
  const lenient = { rejectUnauthorized: false, minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const;
  return tls.connect({ socket, servername: 'localhost', ...lenient });
}

/** c-ares error codes (node:dns) by what they say about the name. */
const NAME_OUTCOMES: Record<string, ResolveAnswer['outcome']> = {
  ENOTFOUND: 'no-such-name',
  ENODATA: 'no-such-name',
  // Not a valid name, e.g. more than 63 characters between two dots.
  EBADNAME: 'no-such-name',
  ESERVFAIL: 'server-failed',
  EFORMERR: 'server-failed',
  ENOTIMP: 'server-failed',
  EBADRESP: 'server-failed',
  EOF: 'server-failed',
  EREFUSED: 'refused',
  ECONNREFUSED: 'no-answer',
  ETIMEOUT: 'no-answer',
};

export async function resolve(from: Standpoint, { name, server, timeoutMs }: Resolve): Promise<ResolveAnswer> {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  resolver.setServers([server]);
  try {
    // c-ares makes its socket and sends the query before it returns; there is no second try.
    return { outcome: 'answered', addresses: await from.within(() => resolver.resolve4(name)) };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const outcome = NAME_OUTCOMES[code];
    if (outcome === undefined) throw error;
    return { outcome, addresses: [], code };
  }
}
