/** Packets as a witness hands them over, and MongoDB's messages in them. */
import { BSON } from 'bson';
import type { Packet } from '../../helpers/machine/probe/protocol.ts';
import type { Capture } from '../../helpers/survey/witness/witness.ts';

/** An end of a connection, as `address:port`. */
type End = string;

function endOf(end: End): { address: string; port: number } {
  const [address = '', port] = end.split(':');
  return { address, port: Number(port) };
}

/** What a TCP connection carries. @param out Whether it left the sandbox in which it was seen. */
export function carried(at: number, out: boolean, [from, to]: [End, End], payload: Buffer | string): Packet {
  const [one, other] = [endOf(from), endOf(to)];
  const bytes = Buffer.from(payload as string);
  return {
    ...{ at, out, interface: 2, protocol: 'tcp', size: bytes.length, payload: bytes.toString('base64') },
    ...{ from: one.address, fromPort: one.port, to: other.address, toPort: other.port },
  };
}

export function captured(packets: Packet[], missed = 0): Capture {
  return { packets, missed, readAt: 10_000 };
}

/** An OP_MSG with one document. */
export function mongoMessage(id: number, replyTo: number, document: object): Buffer {
  const body = BSON.serialize(document);
  return Buffer.concat([header(21 + body.length, { id, replyTo, code: 2013 }), Buffer.alloc(5), body]);
}

/** An OP_QUERY, by which old drivers ask. */
export function oldQuery(id: number, document: object): Buffer {
  const body = Buffer.concat([Buffer.alloc(4), Buffer.from('admin.$cmd\0'), Buffer.alloc(8), BSON.serialize(document)]);
  return Buffer.concat([header(16 + body.length, { id, replyTo: 0, code: 2004 }), body]);
}

/** An OP_REPLY, by which an OP_QUERY is answered. */
export function oldReply(id: number, replyTo: number, document: object): Buffer {
  const body = BSON.serialize(document);
  return Buffer.concat([header(36 + body.length, { id, replyTo, code: 1 }), Buffer.alloc(20), body]);
}

/** An OP_COMPRESSED: nothing of it is read. */
export function compressed(id: number, replyTo: number): Buffer {
  return Buffer.concat([header(40, { id, replyTo, code: 2012 }), Buffer.alloc(24, 7)]);
}

function header(length: number, { id, replyTo, code }: { id: number; replyTo: number; code: number }): Buffer {
  const bytes = Buffer.alloc(16);
  [length, id, replyTo, code].forEach((value, i) => bytes.writeInt32LE(value, i * 4));
  return bytes;
}
