/**
 * The door through which a submission reaches its engine in a lab about a swarm: a second socket, which as-student shows to
 * scripts in place of the engine's own (images/lab-host/scripts/as-student.sh). It passes everything on, and the policy judges it as everywhere. But
 * where the engine shows a token for joining the swarm, the door shows a substitute, and it takes substitutes (join-tokens.ts). Whoever goes around the door
 * gets no token, because the policy lets the engine show tokens to the door only.
 */
import { chmodSync, chownSync, mkdirSync, rmSync, statSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import { fieldOf, readBody } from '../../policy/body.ts';
import { substituteFor, tokenBehind } from '../../policy/join-tokens.ts';
import { DOOR_HEADER, KEY_HEADER } from '../../policy/policy.ts';
import { textOf } from './authorization.ts';
import { routeOf } from '../../policy/route.ts';
import { until } from '../../../base/wait.ts';

/** The sockets' paths on a lab host. */
export const ON_LAB_HOST = { door: '/run/netgrade-door/docker.sock', engine: '/var/run/docker.sock' };
/** Bytes of a body that the door reads itself. One about a swarm has a few kilobytes, certificates included. */
const MOST_BYTES = 100_000;
/** How long a machine that has joined a swarm may take until it can be used there. */
const READY_MS = 15_000;

export interface DoorOptions {
  /** The secret that the doors of one lab share: 32 bytes in hexadecimal. */
  tokenSecret: string;
  /** `DOOR_HEADER`'s and `KEY_HEADER`'s values. */
  doorKey: string;
  key: string;
  /** The sockets' paths. */
  door: string;
  engine: string;
}

/** Opens the door. It is open until this process ends, or the server is closed. */
export function openSwarmDoor(options: DoorOptions): Promise<http.Server> {
  const server = http.createServer((request, response) => {
    pass(request, response, options).catch((error: unknown) => {
      refuse(response, error instanceof Error ? error.message : String(error));
    });
  });
  server.on('upgrade', (request: http.IncomingMessage, client: net.Socket, first: Buffer) => {
    passStream(request, client, { first, engine: options.engine });
  });
  server.on('clientError', (_, socket) => socket.destroy());
  server.requestTimeout = 0; // an upload may take long
  const { door, engine } = options;
  mkdirSync(path.dirname(door), { recursive: true, mode: 0o755 });
  rmSync(door, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(door, () => {
      const { uid, gid, mode } = statSync(engine);
      chownSync(door, uid, gid);
      chmodSync(door, mode & 0o777);
      resolve(server);
    });
  });
}

/** Passes one request on, and its answer back. */
async function pass(request: http.IncomingMessage, response: http.ServerResponse, options: DoorOptions): Promise<void> {
  const { method = '', url = '' } = request;
  const route = routeOf(method, url);
  const throughDoor = { ...headersOf(request), [DOOR_HEADER]: options.doorKey };
  if (method === 'GET' && route?.path === '/swarm') {
    const answer = await ask(options.engine, { method, path: url, headers: throughDoor });
    respond(response, { ...answer, body: withSubstitutes(answer, options.tokenSecret) });
  } else if (method === 'POST' && route?.path === '/swarm/join') {
    const asked = await textOf(request, MOST_BYTES);
    const body = withToken(asked, options.tokenSecret);
    const headers = body === undefined ? headersOf(request) : throughDoor;
    const answer = await ask(options.engine, { method, path: url, headers, body: body ?? asked });
    if (answer.status === 200) await joined(options);
    respond(response, answer);
  } else {
    const further = http.request({ socketPath: options.engine, method, path: url, headers: headersOf(request) });
    further.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
      response.flushHeaders(); // `docker run -d` waits for those of `/containers/ID/wait`, whose body comes when the container ends
      answer.pipe(response);
    });
    further.on('error', (error) => {
      refuse(response, error.message);
    });
    response.on('close', () => further.destroy());
    request.pipe(further);
  }
}

/** What only the grader and the door may send. */
function isOurs(header: string): boolean {
  return [DOOR_HEADER, KEY_HEADER].includes(header.toLowerCase());
}

/** What the client sent, without that. */
function headersOf({ headers }: http.IncomingMessage): http.OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !isOurs(name)));
}

/**
 * The same as lines, as they came: a build's client says each of its methods in a header of one name, and Node would put them
 * into one.
 */
function linesOf({ rawHeaders }: http.IncomingMessage): string[] {
  const names = rawHeaders.filter((_, i) => i % 2 === 0);
  return names.flatMap((name, i) => (isOurs(name) ? [] : [`${name}: ${rawHeaders[2 * i + 1] ?? ''}`]));
}

/** Attached terminals, and the conversations of a build: from the head on, everything is passed as it is. */
function passStream(
  request: http.IncomingMessage,
  client: net.Socket,
  { first, engine: socket }: { first: Buffer; engine: string },
): void {
  const engine = net.connect({ path: socket, allowHalfOpen: true });
  engine.write(`${request.method} ${request.url} HTTP/1.1\r\n${linesOf(request).join('\r\n')}\r\n\r\n`);
  engine.write(first);
  client.pipe(engine).pipe(client);
  client.on('error', () => engine.destroy());
  engine.on('error', () => client.destroy());
}

interface Answer {
  status: number;
  type: string;
  body: string;
}

interface Asked {
  method: string;
  path: string;
  headers: http.OutgoingHttpHeaders;
  body?: string;
}

/** @throws when the engine does not answer, or says too much. */
async function ask(engine: string, { method, path, headers, body = '' }: Asked): Promise<Answer> {
  const length = { 'content-length': Buffer.byteLength(body) };
  const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
    http
      .request({ socketPath: engine, method, path, headers: { ...headers, ...length } }, resolve)
      .on('error', reject)
      .end(body);
  });
  const type = answer.headers['content-type'] ?? 'text/plain';
  return { status: answer.statusCode ?? 500, type, body: await textOf(answer, MOST_BYTES) };
}

/** The answer to `GET /swarm` with substitutes in place of its tokens. An answer that cannot be read is not shown. */
function withSubstitutes({ status, body }: Answer, secret: string): string {
  if (status !== 200) return body;
  const swarm = JSON.parse(body) as { JoinTokens?: Record<string, string> };
  const tokens = Object.entries(swarm.JoinTokens ?? {});
  return JSON.stringify({
    ...swarm,
    JoinTokens: Object.fromEntries(tokens.map(([role, token]) => [role, substituteFor(token, secret)])),
  });
}

/** The body of `POST /swarm/join` with the token in place of its substitute; undefined when there is none in it. */
function withToken(body: string, secret: string): string | undefined {
  try {
    const asked = readBody(body);
    const substitute = fieldOf(asked, 'JoinToken');
    const token = typeof substitute === 'string' ? tokenBehind(substitute, secret) : undefined;
    if (token === undefined) return undefined;
    const settings = ['ListenAddr', 'AdvertiseAddr', 'DataPathAddr', 'RemoteAddrs', 'Availability'];
    return JSON.stringify({
      ...Object.fromEntries(settings.map((name) => [name, fieldOf(asked, name)])),
      JoinToken: token,
    });
  } catch {
    return undefined; // no JSON: the policy says so
  }
}

/**
 * Waits until the machine can be used in the swarm that it has joined. A manager's engine says that it has joined before
 * the swarm knows it as ready, and until then networks of the swarm cannot be used there.
 *
 * It asks with the grader's own key, because that is none of the submission's requests.
 */
async function joined({ engine, key }: DoorOptions): Promise<void> {
  const headers = { host: 'docker', [KEY_HEADER]: key };
  const look = async <T>(path: string): Promise<T | undefined> => {
    const { status, body } = await ask(engine, { method: 'GET', path, headers });
    return status === 200 ? (JSON.parse(body) as T) : undefined;
  };
  await until(READY_MS, async () => {
    const info = await look<{ Swarm: { NodeID: string; ControlAvailable: boolean; LocalNodeState: string } }>('/info');
    if (info === undefined || info.Swarm.LocalNodeState !== 'active') return undefined;
    if (!info.Swarm.ControlAvailable) return true;
    const node = await look<{ Status: { State: string } }>(`/nodes/${info.Swarm.NodeID}`);
    return node?.Status.State === 'ready' ? true : undefined;
  });
}

function respond(response: http.ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(body) }).end(body);
}

function refuse(response: http.ServerResponse, message: string): void {
  if (response.headersSent) response.destroy();
  else respond(response, { status: 500, type: 'application/json', body: JSON.stringify({ message }) });
}
