/** The door of a lab about a swarm, before an engine that is a small HTTP server on a socket. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { substituteFor } from '../../helpers/machine/policy/join-tokens.ts';
import { DOOR_HEADER, KEY_HEADER } from '../../helpers/machine/policy/policy.ts';
import { openSwarmDoor } from '../../helpers/machine/probe/agent/swarm-door.ts';

const TOKEN = 'SWMTKN-1-real-token';
const tokenSecret = randomBytes(32).toString('hex');
const folder = mkdtempSync(path.join(os.tmpdir(), 'door-'));
const [engine, door] = [path.join(folder, 'engine'), path.join(folder, 'door')];

interface Seen {
  method: string | undefined;
  url: string | undefined;
  headers: http.IncomingHttpHeaders;
  body: string;
}

let seen: Seen[] = [];
/** The names and values of the last request for a stream, as they came. */
let upgraded: string[] = [];
let servers: http.Server[];

beforeAll(async () => {
  const server = http.createServer((request, response) => {
    let body = '';
    request
      .setEncoding('utf8')
      .on('data', (text: string) => (body += text))
      .on('end', () => {
        const { method, url, headers } = request;
        seen.push({ method, url, headers, body });
        if (url === '/containers/a/wait') {
          response.writeHead(200).flushHeaders();
          return;
        }
        const answers: Record<string, object> = {
          '/v1.51/swarm': { ID: 'a', JoinTokens: { Worker: TOKEN, Manager: `${TOKEN}2` } },
          '/info': { Swarm: { NodeID: 'n', ControlAvailable: true, LocalNodeState: 'active' } },
          '/nodes/n': {
            Status: { State: seen.filter((each) => each.url === '/nodes/n').length > 2 ? 'ready' : 'unknown' },
          },
        };
        response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(answers[url ?? ''] ?? {}));
      });
  });
  server.on('upgrade', (request: http.IncomingMessage, socket: net.Socket, head: Buffer) => {
    upgraded = request.rawHeaders;
    socket.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    socket.write(head);
    socket.pipe(socket); // an echo
  });
  await once(server.listen(engine), 'listening');
  servers = [server, await openSwarmDoor({ tokenSecret, doorKey: 'door', key: 'key', engine, door })];
});

beforeEach(() => {
  seen = [];
});

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true });
});

async function ask(method: string, url: string, body = '', headers: http.OutgoingHttpHeaders = {}): Promise<string> {
  const [answer] = (await once(
    http.request({ socketPath: door, method, path: url, headers }).end(body),
    'response',
  )) as [http.IncomingMessage];
  return Buffer.concat(await answer.toArray()).toString();
}

test('passes requests on as they are, without what only the grader may send', async () => {
  await ask('POST', '/v1.51/containers/create', '{"Image":"a"}', {
    [DOOR_HEADER]: 'door',
    [KEY_HEADER]: 'key',
    'x-other': 'b',
  });
  expect(seen).toMatchObject([{ method: 'POST', url: '/v1.51/containers/create', body: '{"Image":"a"}' }]);
  expect(seen[0]?.headers).toMatchObject({ 'x-other': 'b' });
  expect(Object.keys(seen[0]?.headers ?? {})).not.toContain(DOOR_HEADER);
  expect(Object.keys(seen[0]?.headers ?? {})).not.toContain(KEY_HEADER);
});

test('an answer begins when the engine’s begins', async () => {
  const asked = http.request({ socketPath: door, method: 'POST', path: '/containers/a/wait' }).end();
  const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
  expect(answer.statusCode).toBe(200);
  asked.destroy();
});

test('shows substitutes in place of tokens', async () => {
  const said = await ask('GET', '/v1.51/swarm');
  expect(seen[0]?.headers[DOOR_HEADER]).toBe('door');
  expect(said).not.toContain(TOKEN);
  expect(JSON.parse(said)).toMatchObject({ ID: 'a', JoinTokens: { Worker: expect.stringMatching(/^SWMTKN-1-/) } });
});

test('takes a substitute, and answers when the machine is ready', async () => {
  await ask(
    'POST',
    '/v1.51/swarm/join',
    JSON.stringify({ RemoteAddrs: ['a:2377'], JoinToken: substituteFor(TOKEN, tokenSecret) }),
  );
  const [join] = seen;
  expect(JSON.parse(join?.body ?? '')).toEqual({ RemoteAddrs: ['a:2377'], JoinToken: TOKEN });
  expect(join?.headers[DOOR_HEADER]).toBe('door');
  expect(seen.filter(({ url }) => url === '/nodes/n')).toHaveLength(3);
});

test.each(['{"JoinToken":"SWMTKN-1-a-b"}', '{"JoinToken":1}', 'no JSON', '{"JoinToken":"a","jointoken":"b"}'])(
  'passes %s on by the common way, where the policy refuses it',
  async (body) => {
    await ask('POST', '/swarm/join', body);
    expect(seen[0]).toMatchObject({ body });
    expect(Object.keys(seen[0]?.headers ?? {})).not.toContain(DOOR_HEADER);
  },
);

test('passes a terminal on in both directions, with what the client sent at once', async () => {
  const client = net.connect({ path: door, allowHalfOpen: true });
  const body = '{"Tty":true}';
  client.write(
    `POST /exec/a/start HTTP/1.1\r\nHost: docker\r\nConnection: Upgrade\r\nUpgrade: tcp\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
  );
  client.end('typed');
  const said = Buffer.concat(await client.toArray()).toString();
  expect(said).toMatch(/^HTTP\/1\.1 101 /);
  expect(said.endsWith(`${body}typed`)).toBe(true);
});

test('passes a build’s client on with each of its methods, and nothing that only the door may send', async () => {
  const client = net.connect({ path: door, allowHalfOpen: true });
  const method = 'X-Docker-Expose-Session-Grpc-Method';
  const sent = [
    'Host: docker',
    'Connection: Upgrade',
    'Upgrade: h2c',
    `${method}: /a`,
    `${method}: /b`,
    `${DOOR_HEADER}: x`,
  ];
  client.end(`POST /session HTTP/1.1\r\n${sent.join('\r\n')}\r\n\r\n`);
  await client.toArray();
  expect(upgraded).toEqual(['Host', 'docker', 'Connection', 'Upgrade', 'Upgrade', 'h2c', method, '/a', method, '/b']);
});
