/**
 * Answers in the place of a server whose processes are paused: takes duplicates of their sockets by pidfd_getfd(2), accepts
 * connections, and answers on those that were there before, too. Whoever asks the server is told at once that it is of no use,
 * and need not wait until a time-out of its own.
 *
 * Flags of a socket belong to all its duplicates. So none is changed, except while one connection is accepted, in one go: when the
 * agent ends, at whatever moment, there is nothing to be put back. Bytes are taken off a connection only as whole messages.
 */
import { closeSync } from 'node:fs';
import type { AnswerFor, Place } from '../protocol.ts';
import type { Conversation, RefusingMongo } from '../mongo-refusal.ts';
import {
  errno,
  F_GETFL,
  F_SETFL,
  libc,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  MSG_PEEK,
  O_NONBLOCK,
  POLLIN,
  SHUT_RDWR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
} from './libc.ts';
import { standpointAt } from './namespaces.ts';
import { socketsOfContainerOf, type OpenSocket } from './processes.ts';
import { CONNECTED, LISTENING, SockDiag } from './sock-diag.ts';

/** Node cannot wait for a socket that it has not made itself, so all are looked at in turn, so often (ms). */
const TURN_MS = 2;
/** A longer pause is none of ours: the grader has forgotten it. */
const LONGEST_MS = 60_000;
/** More connections at a time are ended as soon as they are accepted. So many, at most, are accepted in a turn. */
const MOST_CONNECTIONS = 256;
const ROOM = 131_072;

const EAGAIN = 11;
const ESRCH = 3;
const EBADF = 9;

export class Deputy {
  readonly #listening: number[];
  readonly #connections: Map<number, Conversation>;
  readonly #mongo: RefusingMongo | undefined;
  readonly #room = Buffer.alloc(ROOM);
  readonly #turns: NodeJS.Timeout;
  readonly #end: NodeJS.Timeout;

  /** @param sockets Descriptors of its own. @param mongo What answers; if nothing does, connections are ended. */
  constructor({ listening, connected }: { listening: number[]; connected: number[] }, mongo?: RefusingMongo) {
    this.#listening = listening;
    this.#connections = new Map(connected.map((fd) => [fd, { greeted: true }]));
    this.#mongo = mongo;
    this.#turn();
    this.#turns = setInterval(() => {
      this.#turn();
    }, TURN_MS);
    this.#end = setTimeout(() => {
      this.stop();
    }, LONGEST_MS);
  }

  stop(): void {
    clearInterval(this.#turns);
    clearTimeout(this.#end);
    for (const fd of [...this.#listening.splice(0), ...this.#connections.keys()]) closeSync(fd);
    this.#connections.clear();
  }

  #turn(): void {
    for (const fd of this.#listening)
      // Not all that may come: whoever floods it would keep the agent from everything else.
      for (let i = 0; i < MOST_CONNECTIONS; i++) {
        const made = accepted(fd);
        if (made === undefined) break;
        if (this.#connections.size < MOST_CONNECTIONS) this.#connections.set(made, { greeted: false });
        else closeSync(made);
      }
    for (const [fd, connection] of this.#connections)
      if (!this.#serve(fd, connection)) {
        this.#connections.delete(fd);
        closeSync(fd);
      }
  }

  /** @returns whether the connection goes on. */
  #serve(fd: number, connection: Conversation): boolean {
    if (this.#mongo === undefined) {
      libc().shutdown(fd, SHUT_RDWR);
      return false;
    }
    const length = libc().recv(fd, this.#room, this.#room.length, MSG_PEEK | MSG_DONTWAIT);
    if (length <= 0) return length < 0 && errno() === EAGAIN;
    const said = this.#mongo.answer(this.#room.subarray(0, length), connection);
    if (said === undefined) {
      libc().shutdown(fd, SHUT_RDWR);
      return false;
    }
    if (said.read > 0) libc().recv(fd, this.#room, said.read, MSG_DONTWAIT);
    // Replies are short: there is room for them, or else the other end does not read.
    if (said.reply.length > 0) libc().send(fd, said.reply, said.reply.length, MSG_DONTWAIT | MSG_NOSIGNAL);
    return true;
  }
}

/** @returns the descriptor of a connection that waits to be accepted; undefined when none does. */
function accepted(listening: number): number | undefined {
  const wanted = Buffer.alloc(8);
  wanted.writeInt32LE(listening, 0);
  wanted.writeInt16LE(POLLIN, 4);
  if (libc().poll(wanted, 1, 0) <= 0) return undefined;
  // Somebody else may hold the same socket and be quicker: this process must not wait then.
  const flags = libc().fcntl(listening, F_GETFL, 0);
  const mayWait = (flags & O_NONBLOCK) === 0;
  if (mayWait) libc().fcntl(listening, F_SETFL, flags | O_NONBLOCK);
  const made = libc().accept4(listening, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (mayWait) libc().fcntl(listening, F_SETFL, flags);
  return made < 0 ? undefined : made;
}

/**
 * Duplicates of sockets of other processes. One that was closed meanwhile is left out.
 *
 * @returns undefined where the machine hands none over: an old kernel, or one with rules against it.
 */
function duplicatesOf(sockets: OpenSocket[]): number[] | undefined {
  const made: number[] = [];
  for (const { pid, fd } of sockets) {
    const process = libc().pidfdOpen(pid);
    const duplicate = process < 0 ? -1 : libc().pidfdGetfd(process, fd);
    const reason = errno();
    if (process >= 0) closeSync(process);
    if (duplicate >= 0) made.push(duplicate);
    else if (![ESRCH, EBADF].includes(reason)) {
      for (const each of made) closeSync(each);
      return undefined;
    }
  }
  return made;
}

const answering = new Map<number, Deputy>();
let last = 0;

/** @returns its number; none if the sockets cannot be had, or the container's processes listen on none of the ports. */
export async function beginDeputy(place: Place, { ports, greeting }: AnswerFor): Promise<{ deputy?: number }> {
  if (typeof place !== 'object') throw new Error('only servers in a sandbox have a deputy');
  // Most labs need no BSON: it is loaded when it is first used.
  const mongo = greeting === undefined ? undefined : new (await import('../mongo-refusal.ts')).RefusingMongo(greeting);
  const [listening, connected] = standpointAt(place).within(() => {
    using diag = SockDiag.open();
    return [LISTENING, CONNECTED].map((states) =>
      diag?.sockets(states)?.filter(({ localPort }) => ports.includes(localPort)),
    );
  });
  if (listening === undefined || connected === undefined) return {};
  const own = new Map(socketsOfContainerOf(place.pid).map((each) => [each.inode, each]));
  const heldOf = (sockets: { inode: number }[]): OpenSocket[] =>
    sockets.map(({ inode }) => own.get(inode)).filter((each) => each !== undefined);
  const listeners = heldOf(listening);
  if (listeners.length === 0) return {};
  const taken = duplicatesOf(listeners);
  if (taken === undefined) return {};
  const there = duplicatesOf(heldOf(connected));
  if (there === undefined || taken.length === 0) {
    for (const each of [...taken, ...(there ?? [])]) closeSync(each);
    return {};
  }
  answering.set(++last, new Deputy({ listening: taken, connected: there }, mongo));
  return { deputy: last };
}

export function endDeputy(number: number): void {
  answering.get(number)?.stop();
  answering.delete(number);
}
