/**
 * Which packets a witness keeps, as programs of the kernel's classic packet filter (<linux/filter.h>, bpf(4)). A packet that
 * the kernel drops here takes no room in the witness's queue.
 *
 * Offsets count from the beginning of the IP header, because the sockets are of the type SOCK_DGRAM (packet(7)).
 */
import type { Witnessed } from '../protocol.ts';

/** Opcodes: BPF_LD and its relatives. */
const LOAD_BYTE = 0x30;
const LOAD_HALF = 0x28;
const LOAD_WORD = 0x20;
const LOAD_BYTE_AT_X = 0x50;
/** X becomes the length of the IPv4 header. */
const X_HEADER = 0xb1;
const LOAD_SCRATCH = 0x60;
const STORE_SCRATCH = 0x02;
const AND = 0x54;
const SHIFT_RIGHT = 0x74;
const SUBTRACT_X = 0x1c;
const IF_EQUAL = 0x15;
const IF_SET = 0x45;
const IF_MORE_THAN_X = 0x2d;
const A_TO_X = 0x07;
const RETURN = 0x06;
const LOAD_CONSTANT_X = 0x01;

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMP_V6 = 58;
const ECHO_REQUEST = 8;
const ECHO_REQUEST_V6 = 128;
const SYN = 0x02;
const RST = 0x04;
const RST_OR_FIN = 0x05;
const FRAGMENT = 0x1fff;
const DNS_PORT = 53;
const V6_HEADER = 40;
/** 127.0.0.11, at which containers ask Docker's nameserver. */
const EMBEDDED_DNS = 0x7f00000b;

/** A line: an instruction, and the labels at which it goes on (`next`: the line below). */
type Line = [code: number, operand: number, then?: string, otherwise?: string] | string;

const DROP: Line[] = ['drop', [RETURN, 0]];
const BY_FAMILY: Line[] = [
  [LOAD_BYTE, 0],
  [SHIFT_RIGHT, 4],
  [IF_EQUAL, 4, 'v4', 'not v4'],
  'not v4',
  [IF_EQUAL, 6, 'v6', 'drop'],
];

/** What begins a connection, accepts or refuses it, and echo requests. */
const ATTEMPTS: Line[] = [
  ...BY_FAMILY,
  'v4',
  [LOAD_HALF, 6],
  [IF_SET, FRAGMENT, 'drop', 'next'],
  [X_HEADER, 0],
  [LOAD_BYTE, 9],
  [IF_EQUAL, TCP, 'tcp', 'not tcp'],
  'not tcp',
  [IF_EQUAL, ICMP, 'next', 'drop'],
  [LOAD_BYTE_AT_X, 0],
  [IF_EQUAL, ECHO_REQUEST, 'keep', 'drop'],
  'v6',
  [LOAD_CONSTANT_X, V6_HEADER],
  [LOAD_BYTE, 6],
  [IF_EQUAL, TCP, 'tcp', 'not tcp of v6'],
  'not tcp of v6',
  [IF_EQUAL, ICMP_V6, 'next', 'drop'],
  [LOAD_BYTE_AT_X, 0],
  [IF_EQUAL, ECHO_REQUEST_V6, 'keep', 'drop'],
  'tcp',
  [LOAD_BYTE_AT_X, 13],
  [IF_SET, SYN | RST, 'keep', 'drop'],
  ...DROP,
];

/** What TCP connections carry, their beginnings and ends, and questions to nameservers with the answers. */
const TALK: Line[] = [
  ...BY_FAMILY,
  'v4',
  [LOAD_HALF, 6],
  [IF_SET, FRAGMENT, 'drop', 'next'],
  [X_HEADER, 0],
  [LOAD_BYTE, 9],
  [IF_EQUAL, TCP, 'next', 'not tcp'],
  [LOAD_HALF, 2],
  [SUBTRACT_X, 0],
  [STORE_SCRATCH, 0],
  [LOAD_BYTE_AT_X, 13],
  [IF_SET, SYN | RST_OR_FIN, 'keep', 'next'],
  // More bytes behind the IP header than the TCP header has: a payload.
  [LOAD_BYTE_AT_X, 12],
  [SHIFT_RIGHT, 2],
  [AND, 0x3c],
  [A_TO_X, 0],
  [LOAD_SCRATCH, 0],
  [IF_MORE_THAN_X, 0, 'keep', 'drop'],
  'not tcp',
  [IF_EQUAL, UDP, 'next', 'drop'],
  [LOAD_WORD, 12],
  [IF_EQUAL, EMBEDDED_DNS, 'keep', 'next'],
  [LOAD_WORD, 16],
  [IF_EQUAL, EMBEDDED_DNS, 'keep', 'next'],
  [0x48, 0], // half-word at X: the source port
  [IF_EQUAL, DNS_PORT, 'keep', 'next'],
  [0x48, 2],
  [IF_EQUAL, DNS_PORT, 'keep', 'drop'],
  'v6',
  [LOAD_BYTE, 6],
  [IF_EQUAL, TCP, 'keep', 'drop'],
  ...DROP,
];

const LINES: Record<Witnessed, Line[]> = { attempts: ATTEMPTS, talk: TALK };

/**
 * Assembles the program.
 *
 * @param bytes How much of a packet is kept, its IP header included.
 * @returns instructions of eight bytes each, in the machine's byte order (little-endian wherever there is a Node).
 */
export function packetFilter(what: Witnessed, bytes: number): Buffer {
  const lines: Line[] = [...LINES[what], 'keep', [RETURN, bytes]];
  const places = new Map<string, number>();
  const code: Exclude<Line, string>[] = [];
  for (const line of lines) {
    if (typeof line === 'string') places.set(line, code.length);
    else code.push(line);
  }
  const program = Buffer.alloc(code.length * 8);
  code.forEach(([opcode, operand, then = 'next', otherwise = 'next'], at) => {
    const ahead = (label: string): number => (label === 'next' ? 0 : places.get(label)! - at - 1);
    program.writeUInt16LE(opcode, at * 8);
    program.writeUInt8(ahead(then), at * 8 + 2);
    program.writeUInt8(ahead(otherwise), at * 8 + 3);
    program.writeUInt32LE(operand, at * 8 + 4);
  });
  return program;
}
