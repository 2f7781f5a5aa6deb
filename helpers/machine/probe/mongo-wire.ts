/**
 * The smallest question a MongoDB server answers without authentication: `hello`, as an OP_MSG.
 * Source: "MongoDB Wire Protocol" in MongoDB's manual (header of 16 bytes, opcode 2013, one section of kind 0).
 */
import { BSON } from 'bson';

/** What a MongoDB server says of itself. */
export interface MongoHello {
  maxWireVersion: number;
  isWritablePrimary: boolean;
}

const OP_MSG = 2013;
const HEADER = 16;
/** Header, flag bits (4) and the section's kind (1). */
const BODY = HEADER + 5;

/** How a database replied to a command. */
export interface DatabaseReply {
  /** Whether it did not do what it was asked (`ok: 0`), or could not write. */
  refused: boolean;
  /** Its own words, with the error's code and name; absent unless it refused. They are a submission's text. */
  says?: string;
}

/** @param comment Something to be recognised by. @returns the request, base64. */
export function helloRequest(comment?: string): string {
  const document = BSON.serialize({ hello: 1, ...(comment !== undefined && { comment }), $db: 'admin' });
  return withHeader(OP_MSG, { id: 1, replyTo: 0 }, [Buffer.alloc(BODY - HEADER), document]).toString('base64');
}

function withHeader(code: number, { id, replyTo }: Pick<MongoMessage, 'id' | 'replyTo'>, parts: Uint8Array[]): Buffer {
  const message = Buffer.concat([Buffer.alloc(HEADER), ...parts]);
  for (const [i, value] of [message.length, id, replyTo, code].entries()) message.writeInt32LE(value, i * 4);
  return message;
}

/** @returns what the server says of itself, or undefined when the bytes are no answer of a MongoDB server. */
export function helloReply(received: string): MongoHello | undefined {
  const reply = greetingIn(received);
  if (reply?.['ok'] !== 1 || typeof reply['maxWireVersion'] !== 'number') return undefined;
  return { maxWireVersion: reply['maxWireVersion'], isWritablePrimary: reply['isWritablePrimary'] === true };
}

/** All of what it says, with the types of its numbers if they are `exact`; undefined as above. */
export function greetingIn(received: string, exact = false): Record<string, unknown> | undefined {
  const message = Buffer.from(received, 'base64');
  if (message.length <= BODY || message.readInt32LE(0) !== message.length || message.readInt32LE(12) !== OP_MSG)
    return undefined;
  try {
    return BSON.deserialize(message.subarray(BODY), { promoteValues: !exact });
  } catch {
    return undefined; // not BSON, so it is not MongoDB
  }
}

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_COMPRESSED = 2012;
/** Header, flags, cursor, position and count of an OP_REPLY. */
const LEGACY_REPLY = HEADER + 20;
/** Header and flags of an OP_QUERY; then the name of a collection, and two numbers. */
const LEGACY_QUERY = HEADER + 4;
const MOST_WORDS = 300;
/** Of an OP_MSG: that whoever sent it waits for no reply. */
const MORE_TO_COME = 1 << 1;

/** A message of MongoDB's protocol, as far as it was there and could be read. */
export interface MongoMessage {
  id: number;
  /** The id of the message to which this is the reply; 0 for a question. */
  replyTo: number;
  /** What it begins with; absent if it was cut off, compressed or of a kind that nobody replies to. */
  document?: Record<string, unknown>;
  isCompressed: boolean;
  /** Whether it came in the way of old drivers, as OP_QUERY. */
  isOld: boolean;
  wantsReply: boolean;
}

/** The messages that begin in these bytes. None if the first does not look like one: encrypted, or no MongoDB. */
export function messagesIn(bytes: Buffer): MongoMessage[] {
  const messages: MongoMessage[] = [];
  for (let at = 0; bytes.length - at > HEADER;) {
    const [length, code] = [bytes.readInt32LE(at), bytes.readInt32LE(at + 12)];
    if (length <= HEADER || !isOpcode(code)) break;
    const document = documentIn(bytes.subarray(at, at + length));
    const [id, replyTo] = [bytes.readInt32LE(at + 4), bytes.readInt32LE(at + 8)];
    messages.push({
      ...{ id, replyTo, ...(document && { document }), isCompressed: code === OP_COMPRESSED, isOld: code === OP_QUERY },
      wantsReply:
        code !== OP_MSG || bytes.length < at + HEADER + 4 || (bytes.readInt32LE(at + HEADER) & MORE_TO_COME) === 0,
    });
    at += length;
  }
  return messages;
}

/**
 * Whether a driver asks this of its own accord, to greet its server or to watch it (specifications "MongoDB Handshake" and
 * "Server Monitoring"). An application may ask `hello`, too, but without what only a driver says.
 */
export function isDriversOwn({ document = {} }: MongoMessage): boolean {
  const asked = innerOf(document);
  return (
    asksHello({ document }) && ['client', 'helloOk', 'topologyVersion', 'maxAwaitTimeMS'].some((each) => each in asked)
  );
}

/** Whether it asks a server what it is, and not in a session: in one, only applications ask. */
export function asksHello({ document = {} }: Pick<MongoMessage, 'document'>): boolean {
  const asked = innerOf(document);
  const [name = ''] = Object.keys(asked);
  return ['hello', 'ismaster'].includes(name.toLowerCase()) && !('lsid' in asked);
}

/** A server's reply, in the way in which it was asked. @param id Of the reply. */
export function replyTo(question: MongoMessage, id: number, document: Record<string, unknown>): Buffer {
  const ids = { id, replyTo: question.id };
  const body = BSON.serialize(document);
  if (!question.isOld) return withHeader(OP_MSG, ids, [Buffer.alloc(BODY - HEADER), body]);
  const head = Buffer.alloc(LEGACY_REPLY - HEADER);
  head.writeInt32LE(1, head.length - 4); // one document
  return withHeader(OP_REPLY, ids, [head, body]);
}

/** Whether a server says of itself what it is, as it does in reply to `hello`. */
export function isGreeting({ document = {} }: MongoMessage): boolean {
  return 'maxWireVersion' in document;
}

/** What a server's message says of a command. One that was cut off is no refusal: refusals are short. */
export function replyIn({ document }: MongoMessage): DatabaseReply {
  if (document === undefined) return { refused: false };
  const failed = Number(document['ok']) !== 1 ? document : firstOf(document['writeErrors']);
  if (failed === undefined) return { refused: false };
  const { errmsg, code, codeName } = failed;
  const words = typeof errmsg === 'string' ? errmsg : 'ok: 0';
  const named = [
    ...(typeof code === 'number' ? [`code ${code}`] : []),
    ...(typeof codeName === 'string' ? [codeName] : []),
  ];
  return { refused: true, says: `${words}${named.length > 0 ? ` (${named.join(', ')})` : ''}`.slice(0, MOST_WORDS) };
}

function firstOf(errors: unknown): Record<string, unknown> | undefined {
  const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
  return typeof first === 'object' && first !== null ? (first as Record<string, unknown>) : undefined;
}

/** Old drivers wrap what they ask. */
function innerOf(document: Record<string, unknown>): Record<string, unknown> {
  const inner = document['$query'];
  return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : document;
}

/** From OP_REPLY over the old ones (2001 to 2007) to OP_COMPRESSED and OP_MSG. */
function isOpcode(code: number): boolean {
  return code === OP_REPLY || (code >= 2001 && code <= OP_MSG);
}

/** The document of an OP_MSG with one section of kind 0 first, of an OP_REPLY or of an OP_QUERY. */
function documentIn(bytes: Buffer): Record<string, unknown> | undefined {
  const at = bodyIn(bytes);
  if (at === undefined || bytes.length < at + 4) return undefined;
  try {
    return BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at)));
  } catch {
    return undefined; // cut off, or not BSON
  }
}

function bodyIn(bytes: Buffer): number | undefined {
  const code = bytes.readInt32LE(12);
  if (code === OP_MSG) return BODY;
  if (code === OP_REPLY) return LEGACY_REPLY;
  const nameEnds = code === OP_QUERY ? bytes.indexOf(0, LEGACY_QUERY) : -1;
  return nameEnds < 0 ? undefined : nameEnds + 1 + 8;
}
