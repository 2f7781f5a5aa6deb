/** Who may read self-test's live page: nobody but who knows its address, on this machine. */
import http from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openerOf } from '../../helpers/base/open-browser.ts';
import { LiveServer } from '../../helpers/run/watch/live/server.ts';

let server: LiveServer;
let url: URL;

beforeAll(async () => {
  server = await LiveServer.start({
    page: () => Promise.resolve('<p>the page</p>'),
    parts: () => Promise.resolve({ score: 'line one\nline two' }),
  });
  url = new URL(server.url);
});
afterAll(() => {
  server.end('over');
});

interface Asked {
  method?: string;
  headers?: Record<string, string>;
}

interface Answer {
  status: number;
  headers: http.IncomingHttpHeaders;
  body: string;
}

/** Asks without anything that a browser would add. */
function ask(path: string, { method = 'GET', headers = {} }: Asked = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port: url.port, path, method, headers: { host: url.host, ...headers } };
    const request = http.request(options, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
      });
    });
    request.on('error', reject).end();
  });
}

test('whoever knows the address gets the page, which nobody may frame, keep, or read from another site', async () => {
  const { status, headers, body } = await ask(url.pathname);
  expect([status, body]).toEqual([200, '<p>the page</p>']);
  expect(headers).toMatchObject({
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
  });
  expect(Object.keys(headers).filter((name) => name.startsWith('access-control-'))).toEqual([]);
});

test('the address is on the loopback interface, and cannot be guessed', async () => {
  expect(url.hostname).toBe('127.0.0.1');
  expect(url.pathname).toMatch(/^\/[\w-]{22}\/$/);
  const other = await LiveServer.start({ page: () => Promise.resolve(''), parts: () => Promise.resolve({}) });
  expect(new URL(other.url).pathname).not.toBe(url.pathname);
  other.end('over');
});

describe('refused is', () => {
  test.each([
    ['another address', 404, '/', {}],
    ['an address that begins alike', 404, '/TOKEN', {}],
    ['a wrong token', 404, '/AAAAAAAAAAAAAAAAAAAAAA/', {}],
    ['anything but the page and its events', 404, '/TOKEN/../TOKEN/x', {}],
    ['a name of somebody else’s that leads here', 403, '/TOKEN/', { headers: { host: 'evil.example' } }],
    ['the same with the right port', 403, '/TOKEN/', { headers: { host: 'evil.example:PORT' } }],
    ['another site', 403, '/TOKEN/events', { headers: { 'sec-fetch-site': 'cross-site' } }],
    ['whoever wants to change something', 405, '/TOKEN/', { method: 'POST' }],
  ])('%s', async (_, status, path, { method, headers }: Asked) => {
    const token = url.pathname.split('/')[1] ?? '';
    const named = Object.entries(headers ?? {}).map(([name, value]) => [name, value.replace('PORT', url.port)]);
    const given = {
      ...(method !== undefined && { method }),
      headers: Object.fromEntries(named) as Record<string, string>,
    };
    expect(await ask(path.replaceAll('TOKEN', token), given)).toMatchObject({ status, body: '' });
  });
});

test('events come one to a line, first of all how things stand; the last one says that it is over', async () => {
  const own = await LiveServer.start({
    page: () => Promise.resolve(''),
    parts: () => Promise.resolve({ score: 'one\n\ndata: two' }),
  });
  const { port, pathname } = new URL(own.url);
  const events = await fetch(`http://127.0.0.1:${port}${pathname}events`);
  expect(events.headers.get('content-type')).toBe('text/event-stream');
  const reading = events.text();
  own.push({ score: 'three' });
  own.end('You left.');
  const parts = (await reading).split('\n\n').filter((event) => event !== '');
  expect(parts).toEqual(
    expect.arrayContaining(['event: parts\ndata: {"score":"three"}', 'event: ended\ndata: {"reason":"You left."}']),
  );
  expect(parts.at(-1)).toMatch(/^event: ended/);
});

test.each([
  ['darwin', {}, ['open', 'URL']],
  ['win32', {}, ['cmd', '/c', 'start', '', 'URL']],
  ['linux', { DISPLAY: ':0' }, ['xdg-open', 'URL']],
  ['linux', { WAYLAND_DISPLAY: 'wayland-0' }, ['xdg-open', 'URL']],
  ['linux', { WSL_DISTRO_NAME: 'Debian' }, ['explorer.exe', 'URL']],
  ['linux', {}, undefined],
] as const)('on %s with %j, %j opens it', (platform, env, command) => {
  expect(openerOf('URL', { platform, env })).toEqual(command);
});
