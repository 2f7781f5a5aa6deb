/** Every question is asked where it should be: one agent stands in all places, and must not take one for another. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { InItsPlace, PlaceName, Seen } from '../helpers/standpoint-answers.ts';

const ASKING_MS = 240_000;

let seen: Record<PlaceName, Seen>;
let inItsPlace: InItsPlace;

beforeAll(async () => {
  const program = ['tests/helpers/standpoint-answers.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, program, { timeout: ASKING_MS });
  ({ seen, inItsPlace } = JSON.parse(stdout) as { seen: Record<PlaceName, Seen>; inItsPlace: InItsPlace });
}, ASKING_MS);

describe.each(['connect', 'exchange'] as const)('%s', (question) => {
  test('gets to the loopback interface of its own place, and of no other', () => {
    expect([seen.host[question], seen.sandbox[question], seen.outside[question]]).toEqual([
      { host: 'open', sandbox: 'refused' },
      { host: 'refused', sandbox: 'open' },
      { host: 'refused', sandbox: 'refused' },
    ]);
  });
});

test('http is answered by who listens in its own place, and by nobody else', () => {
  expect([seen.host.http, seen.sandbox.http, seen.outside.http]).toEqual([
    { host: 'host', sandbox: 'refused' },
    { host: 'refused', sandbox: 'sandbox' },
    { host: 'refused', sandbox: 'refused' },
  ]);
});

test('names are asked of the nameserver that is there: only a sandbox has Docker’s', () => {
  expect([seen.sandbox.resolve, seen.host.resolve, seen.outside.resolve]).toEqual([
    'answered',
    expect.not.stringMatching('^answered$'),
    expect.not.stringMatching('^answered$'),
  ]);
});

test('pings start where they should: a container answers its machine, and nobody outside', () => {
  expect([seen.sandbox.ping, seen.host.ping]).toEqual(['answered', 'answered']);
  expect(seen.outside.ping).not.toBe('answered');
});

test('a network stack is that of its place', () => {
  expect(new Set(Object.values(seen).map(({ namespace }) => namespace)).size).toBe(3);
});

test('listeners are those of its place', () => {
  expect([seen.host.listening, seen.sandbox.listening]).toEqual([[7001], [7002]]);
});

test('connections are ended in a sandbox, and nowhere else', () => {
  expect([seen.sandbox.ended, seen.host.ended]).toEqual([1, expect.stringContaining('in a sandbox only')]);
});

describe('in the place of a server that is paused', () => {
  test('connections are ended, those that wait already, too', () => {
    expect(inItsPlace.hangingUp).toBe('not-http');
  });

  test('a driver is greeted, and what it asks is refused', () => {
    expect(inItsPlace.refusing).toMatchObject([{ maxWireVersion: 21 }, { ok: 0, codeName: 'Interrupted' }]);
  });

  test('nothing is left: the server answers again', () => {
    expect(inItsPlace.afterwards).toBe('sandbox');
  });

  test('nobody answers in the place of the machine', () => {
    expect(inItsPlace.host).toContain('in a sandbox');
  });
});
