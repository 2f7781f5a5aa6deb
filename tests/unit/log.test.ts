/** What `--verbose` shows: nothing when it is off, nothing secret, and a student's text only when it is harmless. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import Docker from 'dockerode';
import { log, logged, logTo } from '../../helpers/base/log.ts';
import { watchRequests } from '../../helpers/base/docker/requests.ts';

const lines: string[] = [];
const listen = (): void => {
  logTo((line) => lines.push(line));
};
afterEach(() => {
  logTo(undefined);
  lines.length = 0;
});

test('nothing is logged before somebody has said where it goes', async () => {
  log('run', 'nobody sees this');
  expect(await logged('run', 'nor this', () => Promise.resolve(1))).toBe(1);
  listen();
  log('run', 'this');
  expect(lines).toEqual([expect.stringMatching(/^ *\d+\.\d{3} {2}run {6}this$/)]);
});

test('work is logged with how long it took, also when it fails', async () => {
  listen();
  await logged('command', 'true', () => Promise.resolve());
  await expect(logged('command', 'false', () => Promise.reject(new Error('exit 1')))).rejects.toThrow('exit 1');
  expect(lines[0]).toMatch(/command {2}true {2}\(\d+ ms\)$/);
  expect(lines[1]).toMatch(/command {2}false: Error: exit 1 {2}\(\d+ ms\)$/);
});

test('a student’s text stays in its line, moves no cursor, and is cut', () => {
  listen();
  log('command', `docker run \u001b[2J\nfake line ${'x'.repeat(1000)}`);
  expect(lines).toHaveLength(1);
  // eslint-disable-next-line no-control-regex -- they are what must not be there
  expect(lines[0]).not.toMatch(/[\u0000-\u001f]/);
  expect(lines[0]!.length).toBeLessThan(350);
});

test('of a request, the method, the path and a failure are shown, and neither headers, query nor body', async () => {
  listen();
  const server = http.createServer((request, response) => {
    response.statusCode = request.url?.includes('missing') === true ? 404 : 200;
    response.end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  try {
    const headers = { 'X-Registry-Auth': 'secret' };
    const docker = watchRequests(new Docker({ host: '127.0.0.1', port, protocol: 'http', headers }), 'test');
    await docker.listContainers({ filters: { label: ['secret'] } });
    await docker.createVolume({ Name: 'secret' });
    await expect(docker.getImage('missing').inspect()).rejects.toThrow('404');
  } finally {
    server.close();
    server.closeAllConnections();
  }
  expect(lines.map((line) => line.replace(/^.*?engine {3}| {2}\(\d+ ms\)$/g, ''))).toEqual([
    'test: GET /containers/json',
    'test: POST /volumes/create',
    'test: GET /images/missing/json: 404',
  ]);
  expect(lines.join('\n')).not.toContain('secret');
});
