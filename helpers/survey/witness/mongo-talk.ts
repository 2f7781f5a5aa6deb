/** Reads MongoDB's protocol in packets: what counts as a question, and what a database replied in the end. */
import type { Packet } from '../../machine/probe/protocol.ts';
import { isMonitoring, replyIn, type DatabaseReply } from '../../machine/probe/mongo-wire.ts';

/** Whether a packet to a database is more than a driver's own watch over its server, which goes on without any request. */
export function isTalk({ payload }: Packet): boolean {
  return payload === undefined || !isMonitoring(Buffer.from(payload, 'base64'));
}

/**
 * The reply to the last command, of those that could be read.
 *
 * @param packets What the database sent, in order.
 */
export function lastReply(packets: Packet[]): DatabaseReply | undefined {
  return packets
    .map(({ payload }) => (payload === undefined ? undefined : replyIn(Buffer.from(payload, 'base64'))))
    .findLast((reply) => reply !== undefined);
}
