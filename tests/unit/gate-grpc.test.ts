/** gRPC through the gate: as an engine and a client speak it, with a server of ours in the engine's place. */
import { once } from 'node:events';
import http2 from 'node:http2';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { passGrpc } from '../../helpers/machine/gate/grpc.ts';

let engine: http2.Http2Server;
let gate: net.Server;
let client: http2.ClientHttp2Session;
let sessions: http2.Http2Session[];

const portOf = (server: { address: () => unknown }): number => (server.address() as AddressInfo).port;

beforeEach(async () => {
  engine = http2.createServer();
  sessions = [];
  engine.on('session', (session) => sessions.push(session));
  engine.on('stream', (stream, headers) => {
    if (headers[':path'] === '/fails') {
      stream.respond({ ':status': 200, 'grpc-status': '5', 'grpc-message': 'not found' }, { endStream: true });
      return;
    }
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    stream.on('wantTrailers', () => {
      stream.sendTrailers({ 'grpc-status': '0' });
    });
    stream.pipe(stream);
  });
  engine.listen(0, '127.0.0.1');
  await once(engine, 'listening');
  gate = net.createServer((socket) => {
    passGrpc(socket, net.connect(portOf(engine), '127.0.0.1'), {
      reads: (path) => path.startsWith('/read'),
      read: (path, body) =>
        path === '/read-refused'
          ? Promise.reject(new Error('no such thing'))
          : Promise.resolve(Buffer.from(`<${body.toString()}>`)),
    });
  });
  gate.listen(0, '127.0.0.1');
  await once(gate, 'listening');
  client = http2.connect(`http://127.0.0.1:${portOf(gate)}`);
});
afterEach(() => {
  client.destroy();
  gate.close();
  engine.close();
});

async function ask(path: string, body: string): Promise<Record<string, unknown>> {
  const stream = client.request({ ':method': 'POST', ':path': path });
  let [said, status, message]: [string, unknown, unknown] = ['', undefined, undefined];
  let isOnlyStatus = false;
  const note = (headers: http2.IncomingHttpHeaders): void => {
    status ??= headers['grpc-status'];
    message ??= headers['grpc-message'];
  };
  stream.on('response', note).on('trailers', note);
  stream.on('response', (_, flags) => {
    isOnlyStatus = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
  });
  stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  stream.end(body);
  await once(stream, 'close');
  return { said, status, message, isOnlyStatus };
}

test('a request and its answer pass, with what comes after the answer', async () => {
  expect(await ask('/passes', 'x'.repeat(200_000))).toMatchObject({
    said: 'x'.repeat(200_000),
    status: '0',
    message: undefined,
  });
});

test('a request that is read is passed on as it was made', async () => {
  expect(await ask('/read', 'hello')).toMatchObject({ said: '<hello>', status: '0' });
});

test('an answer that is only a status passes', async () => {
  expect(await ask('/fails', '')).toEqual({ said: '', status: '5', message: 'not found', isOnlyStatus: true });
});

test('what cannot be read is refused with the reason, and the connection goes on', async () => {
  expect(await ask('/read-refused', 'x')).toMatchObject({ status: '14', message: 'no%20such%20thing' });
  expect(await ask('/read', 'y')).toMatchObject({ said: '<y>' });
});

test('of a request that is too long to be read, no more is kept than the limit', async () => {
  const chunk = Buffer.alloc(1024 * 1024);
  const stream = client.request({ ':method': 'POST', ':path': '/read' });
  const answered = once(stream, 'response') as Promise<[http2.IncomingHttpHeaders]>;
  for (let sent = 0; sent < 256; sent++) if (!stream.write(chunk)) await once(stream, 'drain');
  const [headers] = await answered;
  expect(headers['grpc-status']).toBe('14');
  expect(process.memoryUsage().arrayBuffers).toBeLessThan(192 * chunk.length); // what was read is perhaps not yet collected
  stream.destroy();
});

test('when the engine ends the connection, the client sees it', async () => {
  const stream = client.request({ ':method': 'POST', ':path': '/passes' });
  stream.on('error', () => undefined);
  stream.write('begun');
  await once(stream, 'response');
  const ended = once(client, 'close');
  for (const session of sessions) session.destroy();
  await ended;
  expect(client.destroyed).toBe(true);
});
