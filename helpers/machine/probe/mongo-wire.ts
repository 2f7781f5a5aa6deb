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
  const message = Buffer.alloc(BODY + document.length);
  message.writeInt32LE(message.length, 0);
  message.writeInt32LE(1, 4);
  message.writeInt32LE(OP_MSG, 12);
  message.set(document, BODY);
  return message.toString('base64');
}

/** @returns what the server says of itself, or undefined when the bytes are no answer of a MongoDB server. */
export function helloReply(received: string): MongoHello | undefined {
  const message = Buffer.from(received, 'base64');
  if (message.length <= BODY || message.readInt32LE(0) !== message.length || message.readInt32LE(12) !== OP_MSG)
    return undefined;
  try {
    const reply = BSON.deserialize(message.subarray(BODY)) as Record<string, unknown>;
    if (reply['ok'] !== 1 || typeof reply['maxWireVersion'] !== 'number') return undefined;
    return { maxWireVersion: reply['maxWireVersion'], isWritablePrimary: reply['isWritablePrimary'] === true };
  } catch {
    return undefined; // not BSON, so it is not MongoDB
  }
}

/** Commands by which a driver watches its server (specification "Server Monitoring"); not even a client's. */
const MONITORING = new Set(['hello', 'ismaster']);
const OP_QUERY = 2004;
const OP_REPLY = 1;
/** Header, flags, cursor, position and count of an OP_REPLY (to the OP_QUERY by which old drivers say hello). */
const LEGACY_BODY = HEADER + 20;
const MOST_WORDS = 300;

/** Whether bytes begin with a message by which a driver watches its server. */
export function isMonitoring(bytes: Buffer): boolean {
  if (bytes.length > HEADER && bytes.readInt32LE(12) === OP_QUERY) return true; // only hello is still asked so
  const command = documentIn(bytes);
  return command !== undefined && MONITORING.has((Object.keys(command)[0] ?? '').toLowerCase());
}

/** What a server replies with these bytes; undefined if they do not begin a reply, or one to a driver's watch. */
export function replyIn(bytes: Buffer): DatabaseReply | undefined {
  const isMessage =
    bytes.length > HEADER && [OP_MSG, OP_REPLY].includes(bytes.readInt32LE(12)) && bytes.readInt32LE(8) !== 0;
  if (!isMessage) return undefined;
  const reply = documentIn(bytes);
  if (reply === undefined) return { refused: false }; // longer than what was kept: a refusal is short
  if ('maxWireVersion' in reply) return undefined;
  const failed = Number(reply['ok']) !== 1 ? reply : firstOf(reply['writeErrors']);
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

/** The document of an OP_MSG with one section of kind 0 first, or of an OP_REPLY. */
function documentIn(bytes: Buffer): Record<string, unknown> | undefined {
  if (bytes.length <= BODY) return undefined;
  const code = bytes.readInt32LE(12);
  const at = code === OP_MSG ? BODY : code === OP_REPLY ? LEGACY_BODY : undefined;
  if (at === undefined || bytes.length < at + 4) return undefined;
  try {
    const length = bytes.readInt32LE(at);
    return BSON.deserialize(bytes.subarray(at, at + length));
  } catch {
    return undefined; // cut off, or not BSON
  }
}
