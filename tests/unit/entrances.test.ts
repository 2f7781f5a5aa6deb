/** Through which doors a request can enter: every published port, with its redirects followed to others of them. */
import { describe, expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { HttpAnswer, HttpGet } from '../../helpers/machine/probe/protocol.ts';
import { entrancesOf } from '../../helpers/survey/entrances.ts';
import type { OutsidePort } from '../../helpers/survey/facts.ts';
import { urlAt } from '../../helpers/survey/requests.ts';
import { container } from '../helpers/facts.ts';

const front = container({ name: 'front' });
const NOT_HTTP: HttpAnswer = { outcome: 'not-http', ms: 1 };
const PAGE = answered(200);

function answered(status: number, location?: string): HttpAnswer {
  return { outcome: 'answered', status, body: 'hello', ms: 1, ...(location !== undefined && { location }) };
}

/** What is answered at each URL, as `http://PORT/PATH`; nothing else answers HTTP. */
type Site = Record<string, HttpAnswer>;

/** @param published By the port of the host. */
async function found(
  published: Record<number, number>,
  site: Site,
  path = '/',
  more: OutsidePort[] = [],
): Promise<string[]> {
  const at = (scheme: string, port: number, wanted = '/'): HttpAnswer =>
    site[`${scheme}://${port}${wanted}`] ?? NOT_HTTP;
  const ports = Object.entries(published).map(([port, containerPort]): OutsidePort => {
    const [hostPort, https] = [Number(port), at('https', Number(port))];
    return {
      ...{ container: 'front', address: '192.0.2.1', port: hostPort, reach: 'open', mongo: false },
      mapping: { hostAddress: '0.0.0.0', hostPort, containerPort, protocol: 'tcp' },
      http: at('http', hostPort),
      ...(https.outcome === 'answered' && { https }),
    };
  });
  const ask = (_: unknown, question: HttpGet): Promise<HttpAnswer> =>
    Promise.resolve(at(question.tls === true ? 'https' : 'http', question.port, question.path));
  const entrances = await entrancesOf({ ask } as unknown as LabHost, front, path, { ports: [...ports, ...more] });
  return entrances.map(
    (each) => `${urlAt(each)}${each.redirectedFrom === undefined ? '' : ` from ${each.redirectedFrom}`}`,
  );
}

test('every published port that answers HTTP or HTTPS', async () => {
  const site = { 'http://80/': PAGE, 'https://8443/': PAGE };
  expect(await found({ 80: 80, 8443: 443, 9000: 9000 }, site)).toEqual([
    'http://192.0.2.1:80/',
    'https://192.0.2.1:8443/',
  ]);
});

test('not those of another container', async () => {
  const other: OutsidePort = {
    container: 'other',
    address: '192.0.2.1',
    port: 9,
    reach: 'open',
    http: PAGE,
    mongo: false,
  };
  expect(await found({ 80: 80 }, { 'http://80/': PAGE }, '/', [other])).toEqual(['http://192.0.2.1:80/']);
});

test('one of several that lead to the same port of the container', async () => {
  const site = { 'http://80/': PAGE, 'http://8080/': PAGE };
  expect(await found({ 80: 80, 8080: 80 }, site)).toEqual(['http://192.0.2.1:80/']);
});

test('those at which a page is answered come first', async () => {
  const site = { 'http://1/': answered(404), 'http://2/': answered(302, 'http://example.com/'), 'http://3/': PAGE };
  expect(await found({ 1: 1, 2: 2, 3: 3 }, site)).toEqual([
    'http://192.0.2.1:3/',
    'http://192.0.2.1:2/',
    'http://192.0.2.1:1/',
  ]);
});

test('the path that is wanted', async () => {
  const site = { 'http://80/': PAGE, 'http://80/reports': answered(301, '/reports/'), 'http://80/reports/': PAGE };
  expect(await found({ 80: 80 }, site, '/reports')).toEqual([
    'http://192.0.2.1:80/reports/ from http://192.0.2.1:80/reports',
  ]);
});

describe('redirects are followed', () => {
  test.each([
    ['to another page', '/home'],
    ['to a page beside it', 'home'],
    ['to another page of the port that was asked', 'http://localhost:8080/home'],
    ['to the port of the container, which is all that a server in it knows', 'http://localhost/home'],
    ['to this machine by its address', 'http://192.0.2.1:8080/home'],
  ])('%s', async (_, location) => {
    const site = { 'http://8080/': answered(302, location), 'http://8080/home': PAGE };
    expect(await found({ 8080: 80 }, site)).toEqual(['http://192.0.2.1:8080/home from http://192.0.2.1:8080/']);
  });

  test.each(['https://localhost/', 'https://localhost:8443/'])(
    'to HTTPS, wherever it is published: %s',
    async (location) => {
      const site = { 'http://8080/': answered(301, location), 'https://8443/': PAGE };
      expect(await found({ 8080: 80, 8443: 443 }, site)).toEqual(['https://192.0.2.1:8443/']);
    },
  );

  test('several times', async () => {
    const hops = Object.fromEntries([0, 1, 2].map((i) => [`http://80/${i || ''}`, answered(307, `/${i + 1}`)]));
    expect(await found({ 80: 80 }, { ...hops, 'http://80/3': PAGE })).toEqual([
      'http://192.0.2.1:80/3 from http://192.0.2.1:80/',
    ]);
  });
});

describe('redirects are not followed', () => {
  test.each([
    ['to another machine', 'http://example.com/home'],
    ['to a port that is not published', 'http://localhost:9999/home'],
    ['to another protocol', 'file:///etc/passwd'],
    ['to what is no URL', 'http://['],
    ['to the same page', '/'],
  ])('%s', async (_, location) => {
    const site = { 'http://8080/': answered(302, location), 'http://8080/home': PAGE };
    expect(await found({ 8080: 80 }, site)).toEqual(['http://192.0.2.1:8080/']);
  });

  test('for ever', async () => {
    const hops = Object.fromEntries(
      Array.from({ length: 50 }, (_, i) => [`http://80/${i || ''}`, answered(302, `/${i + 1}`)]),
    );
    expect(await found({ 80: 80 }, hops)).toEqual(['http://192.0.2.1:80/5 from http://192.0.2.1:80/']);
  });

  test('of an answer that is none', async () => {
    expect(await found({ 80: 80 }, { 'http://80/': answered(201, '/home') })).toEqual(['http://192.0.2.1:80/']);
  });
});
