/** What is said in the place of a paused MongoDB server: drivers are greeted, and everything else is refused. */
import { describe, expect, test } from '@jest/globals';
import { BSON, Long } from 'bson';
import { LONGEST_MESSAGE, RefusingMongo, type Conversation } from '../../helpers/machine/probe/mongo-refusal.ts';
import { messagesIn } from '../../helpers/machine/probe/mongo-wire.ts';
import { compressed, mongoMessage, oldQuery } from '../helpers/packets.ts';

const SERVER = { isWritablePrimary: true, maxWireVersion: 21, setName: 'rs0', counter: Long.fromNumber(7), ok: 1 };
const GREETING = mongoMessage(9, 1, { ...SERVER, topologyVersion: { counter: 1 } }).toString('base64');
const GREETED = { ismaster: true, helloOk: true, ...SERVER, counter: 7 };
const REFUSED = { ok: 0, code: 11601, codeName: 'Interrupted' };

const driversHello = mongoMessage(5, 0, { hello: 1, helloOk: true, client: {}, $db: 'admin' });
const plainHello = mongoMessage(6, 0, { hello: 1, $db: 'admin' });
const find = mongoMessage(7, 0, { find: 'visits', $db: 'course' });

function repliesTo(bytes: Buffer, conversation: Conversation = { greeted: false }) {
  const said = new RefusingMongo(GREETING).answer(bytes, conversation);
  return said && { read: said.read, replies: messagesIn(said.reply) };
}

describe('in the place of a paused database', () => {
  test.each<[string, Buffer, object]>([
    ['greets a driver with what the server said of itself', driversHello, GREETED],
    ['greets a driver that asks in the old way', oldQuery(5, { ismaster: 1, helloOk: true, client: {} }), GREETED],
    ['refuses a command', find, REFUSED],
    ['refuses a login', mongoMessage(5, 0, { saslStart: 1, $db: 'admin' }), REFUSED],
    ['refuses an application’s own hello', plainHello, REFUSED],
    ['refuses a command in the old way', oldQuery(5, { count: 'visits' }), REFUSED],
  ])('%s', (_, question, says) => {
    const [{ id, document: asked } = { id: 0 }] = messagesIn(question);
    expect(asked).toBeDefined();
    const seen = repliesTo(question);
    expect(seen).toMatchObject({ read: question.length, replies: [{ replyTo: id, document: says }] });
    expect(seen?.replies[0]?.document).not.toHaveProperty('topologyVersion');
  });

  test('numbers keep the types that they had', () => {
    const said = new RefusingMongo(GREETING).answer(driversHello, { greeted: false });
    const body = BSON.deserialize(said!.reply.subarray(21), { promoteValues: false });
    expect(body['counter']).toBeInstanceOf(Long);
  });

  test('a driver that has greeted may ask again how the server is, but in a session it is the application', () => {
    const inSession = mongoMessage(8, 0, { hello: 1, lsid: {}, $db: 'admin' });
    expect(repliesTo(Buffer.concat([driversHello, plainHello, inSession]))?.replies).toMatchObject([
      { replyTo: 5, document: GREETED },
      { replyTo: 6, document: GREETED },
      { replyTo: 8, document: REFUSED },
    ]);
  });

  test('only whole messages are answered, one after another', () => {
    const cut = Buffer.concat([find, plainHello.subarray(0, 20)]);
    expect(repliesTo(cut)).toMatchObject({ read: find.length, replies: [{ replyTo: 7 }] });
    expect(repliesTo(find.subarray(0, 3))).toEqual({ read: 0, replies: [] });
  });

  test('who waits for no reply gets none', () => {
    const unacknowledged = Buffer.from(find);
    unacknowledged.writeUInt32LE(2, 16);
    expect(repliesTo(unacknowledged)).toEqual({ read: find.length, replies: [] });
  });

  test.each<[string, Buffer]>([
    ['encrypted', Buffer.from('16030103030100001111111111111111111111111111', 'hex')],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\nHost: database\r\n\r\n')],
    ['compressed', compressed(1, 0)],
    ['very long', Buffer.concat([mongoMessage(1, 0, { insert: 'x'.repeat(LONGEST_MESSAGE) })])],
    ['broken', Buffer.concat([find.subarray(0, 21), Buffer.alloc(find.length - 21, 255)])],
  ])('what is %s is not answered', (_, bytes) => {
    expect(repliesTo(bytes)).toBeUndefined();
  });
});

test('what is no greeting is none of ours to repeat', () => {
  expect(() => new RefusingMongo(Buffer.from('HTTP/1.1 400 Bad Request').toString('base64'))).toThrow('greeting');
});
