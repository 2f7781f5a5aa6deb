/** What an application and its database say to each other: which questions count, and what was replied in the end. */
import { describe, expect, test } from '@jest/globals';
import type { Packet } from '../../helpers/machine/probe/protocol.ts';
import { isTalk, lastReply } from '../../helpers/survey/witness/mongo-talk.ts';
import { carried, compressed, mongoMessage, oldQuery, oldReply } from '../helpers/packets.ts';

const APP = '10.0.0.2:4000';
const WATCH = '10.0.0.2:4001';
const DB = '10.0.0.3:27017';
const GREETING = { isWritablePrimary: true, maxWireVersion: 21, ok: 1 };
const REFUSED = { ok: 0, errmsg: 'Authentication failed.', code: 18, codeName: 'AuthenticationFailed' };

const asks = (bytes: Buffer, by = APP): Packet => carried(1, false, [by, DB], bytes);
const replies = (bytes: Buffer, to = APP): Packet => carried(2, true, [DB, to], bytes);

describe('a question', () => {
  test.each<[string, boolean, Buffer]>([
    ['a command', true, mongoMessage(1, 0, { find: 'visits', $db: 'course' })],
    [
      'a greeting by which a driver begins',
      false,
      mongoMessage(1, 0, { hello: 1, helloOk: true, client: {}, $db: 'admin' }),
    ],
    ['a greeting in the old way', false, oldQuery(1, { ismaster: 1, helloOk: true, client: {} })],
    ['a greeting in the oldest way', false, oldQuery(1, { $query: { isMaster: 1, client: {} } })],
    [
      'a driver that watches',
      false,
      mongoMessage(1, 0, { hello: 1, topologyVersion: {}, maxAwaitTimeMS: 10_000, $db: 'admin' }),
    ],
    ['an application’s own ismaster', true, mongoMessage(1, 0, { ismaster: 1, $db: 'admin' })],
    ['an application’s own hello, in a session', true, mongoMessage(1, 0, { hello: 1, lsid: {}, $db: 'admin' })],
    ['a command in the old way', true, oldQuery(1, { insert: 'visits' })],
    ['what is compressed', true, compressed(1, 0)],
    ['what is not MongoDB’s', true, Buffer.from('GET / HTTP/1.1\r\nHost: database\r\n\r\n')],
    ['what is encrypted', true, Buffer.from('16030103030100001111111111111111111111111111', 'hex')],
  ])('%s: %s', (_, counts, bytes) => {
    expect(isTalk(asks(bytes))).toBe(counts);
  });

  test('counts also behind a greeting in the same packet', () => {
    const both = [mongoMessage(1, 0, { hello: 1, client: {} }), mongoMessage(2, 0, { ping: 1 })];
    expect(isTalk(asks(Buffer.concat(both)))).toBe(true);
  });
});

describe('the last reply', () => {
  const login = asks(mongoMessage(7, 0, { saslStart: 1, $db: 'admin' }));
  const refusal = replies(mongoMessage(50, 7, REFUSED));

  test('is quoted if it refuses', () => {
    expect(lastReply([login, refusal])).toEqual({
      refused: true,
      says: 'Authentication failed. (code 18, AuthenticationFailed)',
    });
  });

  test('is the last one: who meets a refusal and goes on has got through', () => {
    const create = asks(mongoMessage(7, 0, { create: 'visits' }));
    const exists = replies(mongoMessage(50, 7, { ok: 0, errmsg: 'exists', code: 48 }));
    const insert = [asks(mongoMessage(8, 0, { insert: 'visits' })), replies(mongoMessage(51, 8, { ok: 1, n: 1 }))];
    expect(lastReply([create, exists, ...insert])).toEqual({ refused: false });
  });

  test('of what an application itself asks, even if that is only hello', () => {
    const hello = [asks(mongoMessage(8, 0, { ismaster: 1 })), replies(mongoMessage(51, 8, GREETING))];
    expect(lastReply([login, refusal, ...hello])).toEqual({ refused: false });
  });

  test.each<[string, Packet[]]>([
    [
      'a greeting',
      [asks(mongoMessage(1, 0, { hello: 1, client: {} }), WATCH), replies(mongoMessage(52, 1, GREETING), WATCH)],
    ],
    ['a greeting that came earlier', [replies(mongoMessage(52, 900, GREETING), WATCH)]],
    [
      'a greeting that is refused',
      [asks(mongoMessage(1, 0, { hello: 1, client: {} }), WATCH), replies(mongoMessage(52, 1, { ok: 0 }), WATCH)],
    ],
    ['a greeting in the old way', [asks(oldQuery(1, { ismaster: 1, client: {} })), replies(oldReply(52, 1, GREETING))]],
    ['what nobody asked', [replies(mongoMessage(52, 0, { ok: 1 }))]],
  ])('is not that to %s', (_, packets) => {
    expect(lastReply([login, refusal, ...packets])).toMatchObject({ refused: true });
    expect(lastReply(packets)).toBeUndefined();
  });

  test('refuses if a document was not written', () => {
    const writeErrors = [{ index: 0, code: 121, errmsg: 'Document failed validation' }];
    const written = replies(mongoMessage(50, 7, { n: 0, writeErrors, ok: 1 }));
    expect(lastReply([login, written])).toEqual({ refused: true, says: 'Document failed validation (code 121)' });
  });

  test('refuses in the old way', () => {
    expect(lastReply([asks(oldQuery(7, { insert: 'visits' })), replies(oldReply(50, 7, REFUSED))])).toMatchObject({
      refused: true,
    });
  });

  test('is no refusal if it is longer than what was kept', () => {
    const long = mongoMessage(50, 7, { cursor: { firstBatch: ['x'.repeat(5000)] }, ok: 1 }).subarray(0, 4096);
    expect(lastReply([login, replies(long)])).toEqual({ refused: false });
  });

  test('is not known if it is compressed, or cannot be read at all', () => {
    expect(lastReply([login, replies(compressed(50, 7))])).toBeUndefined();
    expect(lastReply([asks(Buffer.alloc(60, 3)), replies(Buffer.alloc(60, 3))])).toBeUndefined();
  });

  test('has no more words than a line, and stands for itself without any', () => {
    expect(lastReply([replies(mongoMessage(50, 7, { ok: 0, errmsg: 'x'.repeat(1000) }))])?.says).toHaveLength(300);
    expect(lastReply([replies(mongoMessage(50, 7, { ok: 0, errmsg: 4, code: 'x' }))])?.says).toBe('ok: 0');
  });
});
