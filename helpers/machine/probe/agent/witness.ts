/**
 * Listens to the packets of a network namespace by packet(7): the kernel queues them with the time at which each was there, and
 * they are read afterwards. So nothing polls, and no packet waits for the agent. A tcpdump(8) for each sandbox would do the same, but
 * takes fifty milliseconds to begin (docs/bench.md, "witness").
 */
import { close, closeSync } from 'node:fs';
import type { BeginWitness, Packet, ReadWitness, WitnessedAnswer } from '../protocol.ts';
import { AF_PACKET, errno, libc, SOCK_CLOEXEC, SOCK_DGRAM, SOCK_NONBLOCK } from './libc.ts';
import { packetFilter } from './packet-filter.ts';
import { packetIn } from './packets.ts';
import type { Standpoint } from './standpoint.ts';

/** <linux/if_ether.h>, in network byte order. */
const ETH_P_ALL = 0x0300;
/** <asm-generic/socket.h>, <asm-generic/sockios.h>, <linux/if_packet.h>. */
const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;
const SO_RCVBUFFORCE = 33;
const SIOCGSTAMPNS = 0x8907;
const SOL_PACKET = 263;
const PACKET_STATISTICS = 6;
const PACKET_OUTGOING = 4;
const SIZE_OF_SOCK_FPROG = 16;
const SIZE_OF_SOCKADDR_LL = 20;

/** The longest headers that are kept with the payload: of IP (60 bytes) and TCP (60 bytes). */
const HEADERS = 120;
/** For this many bytes the kernel queues packets. What does not fit is counted. */
const QUEUE = 16 * 1024 * 1024;
const EPERM = 1;
const EACCES = 13;
const EAFNOSUPPORT = 97;

export class Witness {
  readonly #socket: number;
  readonly #room: Buffer;

  private constructor(socket: number, payload: number) {
    this.#socket = socket;
    this.#room = Buffer.alloc(HEADERS + payload);
  }

  /** @returns undefined when this machine does not allow it. */
  static listen(from: Standpoint, { what, payload }: BeginWitness): Witness | undefined {
    const type = SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC;
    // Without a protocol it hears nothing yet, so no packet gets past the filter.
    const socket = from.within(() => libc().socket(AF_PACKET, type, 0));
    if (socket < 0) {
      if ([EPERM, EACCES, EAFNOSUPPORT].includes(errno())) return undefined;
      throw new Error(`no packet socket could be made (errno ${errno()})`);
    }
    const filter = packetFilter(what, HEADERS + payload);
    const program = { len: filter.length / 8, filter };
    const size = Buffer.alloc(4);
    size.writeInt32LE(QUEUE);
    libc().setsockopt(socket, SOL_SOCKET, SO_RCVBUFFORCE, size, size.length);
    libc().ioctl(socket, SIOCGSTAMPNS, Buffer.alloc(16)); // from now on, packets get the time at which they were there
    const begun =
      libc().attachFilter(socket, SOL_SOCKET, SO_ATTACH_FILTER, program, SIZE_OF_SOCK_FPROG) === 0 &&
      libc().bind(socket, everyInterface(), SIZE_OF_SOCKADDR_LL) === 0;
    if (begun) return new Witness(socket, payload);
    const reason = errno();
    closeSync(socket);
    throw new Error(`a packet socket could not listen (errno ${reason})`);
  }

  /** Everything that was there since it was read last. */
  read(): WitnessedAnswer {
    const packets: Packet[] = [];
    const readAt = Date.now();
    const sender = Buffer.alloc(SIZE_OF_SOCKADDR_LL);
    const size = Buffer.alloc(4);
    const stamp = Buffer.alloc(16);
    for (;;) {
      size.writeUInt32LE(sender.length);
      const length = libc().recvfrom(this.#socket, this.#room, this.#room.length, 0, sender, size);
      if (length < 0) break;
      const packet = packetIn(this.#room.subarray(0, length));
      if (packet === undefined || libc().ioctl(this.#socket, SIOCGSTAMPNS, stamp) !== 0) continue;
      const at = Number(stamp.readBigInt64LE(0)) * 1000 + Number(stamp.readBigInt64LE(8)) / 1e6;
      packets.push({ at, interface: sender.readInt32LE(4), out: sender.readUInt8(10) === PACKET_OUTGOING, ...packet });
    }
    return { packets, missed: this.#missed(), readAt };
  }

  /** How many packets found no room in the queue since it was read last. */
  #missed(): number {
    const statistics = Buffer.alloc(8);
    const size = Buffer.alloc(4);
    size.writeUInt32LE(statistics.length);
    return libc().getsockopt(this.#socket, SOL_PACKET, PACKET_STATISTICS, statistics, size) === 0
      ? statistics.readUInt32LE(4)
      : 0;
  }

  /** Nobody waits for it: with each packet socket that it closes, the kernel waits until all processors have let go of it. */
  end(): void {
    close(this.#socket, () => undefined);
  }
}

/** struct sockaddr_ll for all interfaces and all protocols. */
function everyInterface(): Buffer {
  const address = Buffer.alloc(SIZE_OF_SOCKADDR_LL);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16LE(ETH_P_ALL, 2);
  return address;
}

const listening = new Map<number, Witness>();
let last = 0;

/** @returns the witness's number; none where this machine lets nobody listen. */
export function beginWitness(from: Standpoint, question: BeginWitness): { witness?: number } {
  const witness = Witness.listen(from, question);
  if (witness === undefined) return {};
  listening.set(++last, witness);
  return { witness: last };
}

export function readWitness({ witness: number, last: isLast }: ReadWitness): WitnessedAnswer {
  const witness = listening.get(number);
  if (witness === undefined) throw new Error(`there is no witness ${number}`);
  const seen = witness.read();
  if (isLast) {
    witness.end();
    listening.delete(number);
  }
  return seen;
}
