/** Reads IP packets: who sends what to whom. Whatever is cut off or not understood gives no packet. */
import type { Packet } from '../protocol.ts';
import { addressIn } from './address.ts';

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMP_V6 = 58;

interface Datagram {
  protocol: number;
  from: string;
  to: string;
  /** Behind the IP header, as far as it was kept. */
  rest: Buffer;
  /** How long that was on the wire. */
  length: number;
}

/** @returns the packet without its time and interface. */
export function packetIn(bytes: Buffer): Omit<Packet, 'at' | 'interface' | 'out'> | undefined {
  const datagram = datagramIn(bytes);
  if (datagram === undefined) return undefined;
  const { protocol, rest, length, from, to } = datagram;
  const ends = (): Pick<Packet, 'from' | 'to' | 'fromPort' | 'toPort'> => ({
    ...{ from, to, fromPort: rest.readUInt16BE(0), toPort: rest.readUInt16BE(2) },
  });
  if (protocol === TCP && rest.length >= 20) {
    const header = (rest.readUInt8(12) >> 4) * 4;
    const flags = rest.readUInt8(13);
    const size = Math.max(0, length - header);
    return { protocol: 'tcp', ...ends(), seq: rest.readUInt32BE(4), flags, size, ...payloadOf(rest.subarray(header)) };
  }
  if (protocol === UDP && rest.length >= 8)
    return { protocol: 'udp', ...ends(), size: length - 8, ...payloadOf(rest.subarray(8)) };
  if ((protocol === ICMP || protocol === ICMP_V6) && rest.length >= 8)
    return { protocol: 'echo', from, to, fromPort: 0, toPort: 0, size: length - 8, ...payloadOf(rest.subarray(4)) };
  return undefined;
}

function payloadOf(bytes: Buffer): Pick<Packet, 'payload'> {
  return bytes.length > 0 ? { payload: bytes.toString('base64') } : {};
}

function datagramIn(bytes: Buffer): Datagram | undefined {
  if (bytes.length < 20) return undefined;
  const version = bytes.readUInt8(0) >> 4;
  if (version === 4) {
    const header = (bytes.readUInt8(0) & 0x0f) * 4;
    return {
      protocol: bytes.readUInt8(9),
      from: addressIn([...bytes.subarray(12, 16)]),
      to: addressIn([...bytes.subarray(16, 20)]),
      rest: bytes.subarray(header, Math.max(header, bytes.readUInt16BE(2))),
      length: Math.max(0, bytes.readUInt16BE(2) - header),
    };
  }
  if (version !== 6 || bytes.length < 40) return undefined;
  return {
    protocol: bytes.readUInt8(6),
    from: addressIn([...bytes.subarray(8, 24)]),
    to: addressIn([...bytes.subarray(24, 40)]),
    rest: bytes.subarray(40),
    length: bytes.readUInt16BE(4),
  };
}
