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
