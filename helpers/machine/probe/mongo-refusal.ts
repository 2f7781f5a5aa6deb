/**
 * Speaks for a MongoDB server that is paused: greets drivers as the server would, so that they take it for one that can be used,
 * and refuses whatever is asked. Drivers hand this refusal on at once: they neither try again nor wait for another server.
 */
import { asksHello, greetingIn, isDriversOwn, messagesIn, replyTo, type MongoMessage } from './mongo-wire.ts';

/** What MongoDB says of a command that an administrator has ended ("Error Codes" in its manual). */
const REFUSAL = { ok: 0, errmsg: 'operation was interrupted', code: 11601, codeName: 'Interrupted' };
/** Bytes of a message that is read to its end. Longer ones have large documents in them. */
export const LONGEST_MESSAGE = 65_536;
const SHORTEST_MESSAGE = 16;

/** What is known of a connection. */
export interface Conversation {
  /** Whether it began as a driver begins. A `hello` outside of sessions is the driver's own then. */
  greeted: boolean;
}

export class RefusingMongo {
  readonly #greeting: Record<string, unknown>;
  #lastId = 0;

  /** @param greeting The server's own reply to `hello`, base64. @throws when it is none. */
  constructor(greeting: string) {
    const said = greetingIn(greeting, true);
    if (said === undefined) throw new Error('what should be the greeting of a MongoDB server is none');
    // Drivers that know a topology's version wait for the next one, in a stream of replies.
    delete said['topologyVersion'];
    this.#greeting = { ismaster: said['isWritablePrimary'], helloOk: true, ...said };
  }

  /**
   * @param bytes What came over a connection and was not answered yet.
   * @returns how many bytes were answered, and the answer; undefined if this is nothing that can be answered: encrypted,
   *   compressed, too long, or no MongoDB.
   */
  answer(bytes: Buffer, conversation: Conversation): { read: number; reply: Buffer } | undefined {
    const replies: Buffer[] = [];
    let read = 0;
    while (bytes.length - read >= 4) {
      const length = bytes.readInt32LE(read);
      if (length > LONGEST_MESSAGE || length <= SHORTEST_MESSAGE) return undefined;
      if (bytes.length - read < length) break; // the rest is still to come
      const [message] = messagesIn(bytes.subarray(read, read + length));
      if (message?.document === undefined) return undefined;
      if (message.wantsReply) replies.push(this.#replyTo(message, conversation));
      read += length;
    }
    return { read, reply: Buffer.concat(replies) };
  }

  #replyTo(message: MongoMessage, conversation: Conversation): Buffer {
    const isGreeting = isDriversOwn(message) || (conversation.greeted && asksHello(message));
    conversation.greeted ||= isGreeting;
    return replyTo(message, ++this.#lastId, isGreeting ? this.#greeting : REFUSAL);
  }
}
