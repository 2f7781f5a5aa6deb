/** The probe's HTTP request: what a server says of redirects, and servers that speak TLS. */
import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { httpGet } from '../../helpers/machine/probe/agent/network.ts';
import { HERE } from '../../helpers/machine/probe/agent/standpoint.ts';
import type { HttpAnswer } from '../../helpers/machine/probe/protocol.ts';
import { SELF_SIGNED } from '../helpers/self-signed.ts';

const open: Server[] = [];

afterEach(() => {
  for (const server of open.splice(0)) server.close();
});

async function portOf(server: Server): Promise<number> {
  open.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function get(port: number, tls = false): Promise<HttpAnswer> {
  return httpGet(HERE, { ask: 'http', address: '127.0.0.1', port, path: '/a', tls, timeoutMs: 5000 });
}

const hello: http.RequestListener = ({ headers, url }, response) => {
  response.end(`${url} of ${headers.host}`);
};

test('asks for localhost, with the port', async () => {
  const port = await portOf(http.createServer(hello));
  expect(await get(port)).toMatchObject({ outcome: 'answered', status: 200, body: `/a of localhost:${port}` });
});

test('says where a redirect leads, and does not follow it', async () => {
  const port = await portOf(http.createServer((_, response) => response.writeHead(302, { location: '/b' }).end()));
  expect(await get(port)).toMatchObject({ outcome: 'answered', status: 302, location: '/b' });
});

test('keeps only the beginning of a long Location', async () => {
  const location = `/${'b'.repeat(5000)}`;
  const port = await portOf(http.createServer((_, response) => response.writeHead(302, { location }).end()));
  expect((await get(port)).location).toHaveLength(2048);
});

test('gets an answer over TLS from a server that signed its own certificate', async () => {
  const port = await portOf(https.createServer(SELF_SIGNED, hello));
  expect(await get(port, true)).toMatchObject({ outcome: 'answered', status: 200, body: `/a of localhost:${port}` });
});

test('gets no HTTP in plain words from a server that speaks TLS', async () => {
  const port = await portOf(https.createServer(SELF_SIGNED, hello));
  expect(await get(port)).toMatchObject({ outcome: 'not-http' });
});

test('gets no HTTP over TLS from one that does not', async () => {
  const port = await portOf(http.createServer(hello));
  expect(await get(port, true)).toMatchObject({ outcome: 'not-http' });
});

test.each([false, true])('is refused where nobody listens (TLS: %s)', async (tls) => {
  const server = net.createServer();
  const port = await portOf(server);
  server.close();
  await once(server, 'close');
  expect(await get(port, tls)).toMatchObject({ outcome: 'refused' });
});

test('says so when nothing comes over TLS', async () => {
  const port = await portOf(net.createServer((socket) => socket.on('error', () => undefined)));
  const silent = httpGet(HERE, { ask: 'http', address: '127.0.0.1', port, path: '/', tls: true, timeoutMs: 50 });
  expect(await silent).toMatchObject({ outcome: 'no-answer' });
});
