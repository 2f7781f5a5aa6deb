/** Ways round: what is sent, through which doors, and what captures say of where it went. */
import { expect, test } from '@jest/globals';
import type { Apart } from '../../helpers/lab/survey-plan.ts';
import type { Packet } from '../../helpers/machine/probe/protocol.ts';
import type { ContainerFacts, SandboxFacts } from '../../helpers/survey/facts.ts';
import {
  arrivedIn,
  mayPass,
  note,
  ownerOf,
  stationsOf,
  type Sightings,
} from '../../helpers/survey/witness/arrivals.ts';
import { httpNonces, mongoNonce, proxyNonces, rawNonce, type Nonce } from '../../helpers/survey/witness/nonces.ts';
import { openingsOf } from '../../helpers/survey/witness/openings.ts';
import type { Casting } from '../../helpers/survey/witness/senders.ts';
import { strangersSpeak, withAsked } from '../../helpers/survey/witness/suspects.ts';
import { container } from '../helpers/facts.ts';

const on = (name: string, ...addresses: string[]): ContainerFacts =>
  container({
    name,
    attachments: [{ network: 'net', networkId: 'net', aliases: [], gateway: '', addresses }],
  });
const front = on('front', '10.0.0.2');
const app = on('app', '10.0.0.3', '10.0.1.3');
const store = on('store', '10.0.1.4');
const helper = on('helper', '10.0.0.9', '10.0.1.9');
/** It listens in the application's sandbox. */
const sidecar = { ...on('sidecar'), sandboxOf: 'app' };
const containers = [front, app, store, helper, sidecar];

const apart: Apart = {
  pairs: [{ from: 'front', to: 'store' }],
  links: [
    { from: 'front', to: 'app' },
    { from: 'app', to: 'store' },
  ],
  speaks: { front: 'http', app: 'http', store: 'http' },
  publics: ['front'],
};

const listening = (...listeners: [address: string, port: number, socket: number][]): SandboxFacts =>
  ({
    listeners: listeners.map(([address, port, socket]) => ({ address, port, socket })),
    interfaces: [],
  }) as unknown as SandboxFacts;
const cast: Casting = {
  ...{ apart, containers, atHost: ['10.0.0.1'], hostPorts: [31337] },
  roles: new Map(['front', 'app', 'store'].map((name) => [name, name])),
  sandboxes: {
    front: listening(['0.0.0.0', 80, 1], ['127.0.0.1', 4000, 2], ['127.0.0.11', 40123, 3]),
    app: listening(['0.0.0.0', 9090, 4], ['0.0.0.0', 7777, 5]),
    store: listening(['0.0.0.0', 8080, 6]),
    helper: listening(['0.0.0.0', 8090, 7], ['127.0.0.1', 9999, 8]),
  },
  processes: [
    { container: app.id, namespace: 1, sockets: [4] },
    { container: sidecar.id, namespace: 1, sockets: [5] },
  ],
};

let clock = 0;
const packet = (from: string, to: string, toPort: number, payload: string, out = false): Packet => ({
  ...{ at: ++clock, interface: 2, out, protocol: 'tcp', from, fromPort: 40000, to, toPort, size: payload.length },
  payload: Buffer.from(payload).toString('base64'),
});

/** What was seen of a nonce: packets by the name of the container whose sandbox they were in. */
function seenOf({ word }: Pick<Nonce, 'word'>, packets: [container: string, packet: Packet][]): Sightings {
  const seen: Sightings = new Map();
  for (const [name, each] of packets)
    note(seen, new Map([[name, { packets: [each], missed: 0, readAt: 0 }]]), new Set([word]));
  return seen;
}

const nonce = { form: 'http', word: 'abcdefghijklmnopqrst' } as const;
const text = `GET /films${nonce.word}xyz HTTP/1.1`;

test('every form has a word of its own in its bytes', () => {
  const all = [rawNonce(), ...httpNonces(), mongoNonce(), ...proxyNonces([{ address: '10.0.1.4', port: 8080 }])];
  for (const { word, bytes } of all) expect(Buffer.from(bytes, 'base64').toString('latin1')).toContain(word);
  expect(new Set(all.map(({ word }) => word)).size).toBe(all.length);
  expect(Buffer.from(rawNonce().bytes, 'base64').length).toBeLessThanOrEqual(64);
});

test('a word is found behind and before other letters, and nothing else is', () => {
  const seen = seenOf(nonce, [['store', packet('10.0.1.9', '10.0.1.4', 8080, text)]]);
  expect(arrivedIn(store, nonce.word, seen)).toBe(true);
  expect(arrivedIn(helper, nonce.word, seen)).toBe(false);
  expect(arrivedIn(store, 'bbcdefghijklmnopqrst', seen)).toBe(false);
});

test('stations are in the order of time, without those that only saw the answer', () => {
  const seen = seenOf(nonce, [
    ['front', packet('10.0.0.2', '10.0.0.9', 8090, text, true)],
    ['helper', packet('10.0.0.2', '10.0.0.9', 8090, text)],
    ['helper', packet('10.0.1.9', '10.0.1.4', 8080, text, true)],
    ['store', packet('10.0.1.9', '10.0.1.4', 8080, text)],
    ['front', packet('10.0.0.9', '10.0.0.2', 40000, `not found: ${text}`)],
  ]);
  expect(stationsOf(nonce.word, store, seen, cast)).toEqual([
    { container: 'helper', address: '10.0.0.9', port: 8090, from: '10.0.0.2' },
    { container: 'store', address: '10.0.1.4', port: 8080, from: '10.0.1.9' },
  ]);
});

test('a role passes on what it was asked itself, in its own protocol; others may pass nothing on', () => {
  const through = (carrier: ContainerFacts, port: number): Sightings => {
    const [near = '', far = ''] = carrier === helper ? ['10.0.0.9', '10.0.1.9'] : ['10.0.0.3', '10.0.1.3'];
    return seenOf(nonce, [
      [carrier.name, packet('10.0.0.2', near, port, text)],
      ['store', packet(far, '10.0.1.4', 8080, text)],
    ]);
  };
  expect(mayPass(nonce, store, through(app, 9090), cast)).toBe(true);
  expect(mayPass({ ...nonce, form: 'raw' }, store, through(app, 9090), cast)).toBe(false);
  expect(mayPass(nonce, store, through(app, 7777), cast)).toBe(false);
  expect(mayPass(nonce, store, through(helper, 8090), cast)).toBe(false);
  // Outsiders may say to a public role what they like; here it asks the store itself.
  const open = { ...cast, apart: { ...apart, publics: ['app'] } };
  expect(mayPass({ ...nonce, form: 'raw' }, store, through(app, 9090), open)).toBe(true);
  // From the host, or from nobody known.
  const unknown = seenOf(nonce, [['store', packet('10.0.1.1', '10.0.1.4', 8080, text)]]);
  expect(mayPass(nonce, store, unknown, cast)).toBe(false);
});

test('doors are others’ ports, ports of the host, and its own sandbox with what listens there for itself only', () => {
  const doors = openingsOf(front, cast).map(({ address, port, at, container: by }) => `${address}:${port} ${at} ${by}`);
  expect(doors).toEqual([
    '127.0.0.1:80 own sandbox front',
    '127.0.0.1:4000 own sandbox front',
    '10.0.0.3:9090 sandbox app',
    '10.0.0.3:7777 sandbox sidecar',
    '10.0.1.3:9090 sandbox app',
    '10.0.1.3:7777 sandbox sidecar',
    '10.0.1.4:8080 sandbox store',
    '10.0.0.9:8090 sandbox helper',
    '10.0.1.9:8090 sandbox helper',
    '10.0.0.1:31337 host undefined',
  ]);
});

test('an address of IPv6 is the same however it is written', () => {
  const six = on('six', 'fd00:2::4');
  expect(ownerOf('fd00:2:0:0:0:0:0:4', { ...cast, containers: [front, six] })).toBe(six);
});

test('whoever has no link to the target is a stranger to it; the host is not, because the grader asks from there', () => {
  const from = (address: string): boolean => strangersSpeak([packet(address, '10.0.1.4', 8080, 'GET /')], store, cast);
  expect(['10.0.1.9', '10.0.1.3', '10.0.1.1', '10.0.1.4'].map(from)).toEqual([true, false, false, false]);
});

test('a suspicion is a way only if the answers change while the target is paused', () => {
  const door = { address: '10.0.0.9', port: 8090, at: 'sandbox', container: 'helper' } as const;
  const suspect = { sender: front, target: store, door };
  const answered = (body: string) => ({ outcome: 'answered' as const, status: 200, body, ms: 1 });
  const facts = { front: 'helper', backend: 'store', url: '', tries: 1 };
  const films = [answered('a quiet harbour')];
  const away = (during: string) => ({ ...facts, before: films, away: [answered(during)], after: films });
  const none = { tried: [], ways: [] };
  expect(withAsked(none, [suspect], [away('a quiet harbour')]).ways).toEqual([]);
  expect(withAsked(none, [suspect], [away('nothing today')]).ways).toEqual([
    { from: 'front', to: 'store', door, form: 'asked', stations: [] },
  ]);
});
