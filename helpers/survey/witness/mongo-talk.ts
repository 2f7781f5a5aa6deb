/** Reads MongoDB's protocol in packets: what counts as a question, and what a database replied in the end. */
import type { Packet } from '../../machine/probe/protocol.ts';
import {
  isDriversOwn,
  isGreeting,
  messagesIn,
  replyIn,
  type DatabaseReply,
  type MongoMessage,
} from '../../machine/probe/mongo-wire.ts';

/** Whether a packet to a database is more than what a driver asks of its own accord, which goes on without any request. */
export function isTalk(packet: Packet): boolean {
  const messages = messagesOf(packet);
  return messages.length === 0 || !messages.every(isDriversOwn);
}

/**
 * The reply to the last command.
 *
 * @param packets To and from the database, in order.
 * @returns undefined if it could not be read, because it is encrypted or compressed, or if there was none.
 */
export function lastReply(packets: Packet[]): DatabaseReply | undefined {
  const questions = new Map<string, { isDrivers: boolean }>();
  let last: MongoMessage | undefined;
  for (const packet of packets)
    for (const message of messagesOf(packet)) {
      const { id, replyTo } = message;
      if (!packet.out) {
        questions.set(`${packet.from} ${packet.fromPort} ${id}`, { isDrivers: isDriversOwn(message) });
        continue;
      }
      // Of a question that came earlier it is not known who asked it; a driver's own are the ones that wait long.
      const question = questions.get(`${packet.to} ${packet.toPort} ${replyTo}`) ?? { isDrivers: isGreeting(message) };
      if (replyTo !== 0 && !question.isDrivers) last = message;
    }
  return last === undefined || last.isCompressed ? undefined : replyIn(last);
}

function messagesOf({ payload }: Packet): MongoMessage[] {
  return payload === undefined ? [] : messagesIn(Buffer.from(payload, 'base64'));
}
