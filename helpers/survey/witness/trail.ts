/** Follows one packet through the captures: where it left, where the lab host had it, and whether it arrived. */
import type { Packet } from '../../machine/probe/protocol.ts';
import type { HostFacts, ReachFacts, SandboxFacts, Station } from '../facts.ts';
import { THE_HOST } from '../facts.ts';
import type { Capture, Captures } from './witness.ts';

/**
 * So long (milliseconds) after it was sent, a packet that has not arrived does not arrive any more. Usual is less than 1 ms, on a
 * busy machine, too (2 cores, load 12). The times are the kernel's, so a slow process does not count.
 */
export const SETTLED_MS = 100;
/** If packets were slower than usual, the same as a multiple of the slowest one's time. */
const PATIENCE = 20;

/** Flags of TCP (RFC 9293, 3.1). */
const [SYN, RST, ACK] = [0x02, 0x04, 0x10];

/** How a packet is known that was sent, and what came back. */
export interface Mark {
  /** Whether a packet that left the sender is this one. */
  isIt: (packet: Packet) => boolean;
  /** What a packet that came to the sender says, if it is an answer to this one. */
  answerIn?: (packet: Packet) => 'open' | 'refused' | undefined;
}

/** A packet that was sent from one place towards another. */
export interface Sent extends Mark {
  from: string;
  to: string;
}

/** The first packet of a connection, and what answers it. */
export function firstOf({ address, port, sourcePort }: Pick<ReachFacts, 'address' | 'port' | 'sourcePort'>): Mark {
  const isTcp = ({ protocol }: Packet): boolean => protocol === 'tcp' && sourcePort !== undefined;
  const has = ({ flags = 0 }: Packet, all: number): boolean => (flags & all) === all;
  return {
    isIt: (packet) =>
      isTcp(packet) &&
      packet.to === address &&
      packet.toPort === port &&
      packet.fromPort === sourcePort &&
      has(packet, SYN),
    answerIn: (packet) => {
      const isAnswer = packet.from === address && packet.fromPort === port && packet.toPort === sourcePort;
      if (!isTcp(packet) || !isAnswer) return undefined;
      return has(packet, SYN | ACK) ? 'open' : has(packet, RST) ? 'refused' : undefined;
    },
  };
}

/** A ping's request. */
export function echoTo(address: string): Mark {
  return { isIt: (packet) => packet.protocol === 'echo' && packet.to === address };
}

export type Fate = 'arrived' | 'lost' | 'unknown';

export interface Trail {
  fate: Fate;
  stations: Station[];
  /**
   * What came back to the sender, which may have been too busy to notice in time. It need not be the target that answered: on a
   * gateway's address, Docker's proxy does.
   */
  answer?: 'open' | 'refused';
  /** Milliseconds from its leaving until the target's capture was read. */
  restMs: number;
}

/** How long the slowest packet was on its way, of those that arrived (milliseconds). */
export function slowestOf(trails: Trail[]): number {
  return Math.max(
    0,
    ...trails.filter(({ fate }) => fate === 'arrived').flatMap(({ stations }) => stations.map(({ ms }) => ms)),
  );
}

/** Whether a packet that did not arrive had time enough to. */
export function hadTime({ restMs }: Trail, slowestMs: number): boolean {
  return restMs >= Math.max(SETTLED_MS, PATIENCE * slowestMs);
}

/**
 * @returns `lost` only if it was seen leaving, nobody answered it, and nothing that arrived was missed. Address translation changes addresses and
 *   ports, but neither a connection's first sequence number nor a ping's data: by these the packet is known everywhere.
 */
export function trailOf(captures: Captures, { from, to, isIt, answerIn }: Sent, named: Interfaces): Trail {
  const [source, target] = [captures.get(from), captures.get(to)];
  if (source === undefined || target === undefined) return { fate: 'unknown', stations: [], restMs: 0 };
  const left = source.packets.filter((packet) => packet.out && isIt(packet));
  const marks = new Set(left.map(markOf));
  const again = (capture: Capture | undefined): Packet[] =>
    (capture?.packets ?? []).filter((packet) => marks.has(markOf(packet)));
  const arrived = again(target).filter(({ out }) => !out);
  const begun = Math.min(...left.map(({ at }) => at));
  const stationsOf = (place: string, packets: Packet[]): Station[] =>
    once(packets).map((packet) => ({
      place,
      interface: named(place, packet.interface),
      way: packet.out ? 'out' : 'in',
      ms: Math.round((packet.at - begun) * 100) / 100,
    }));
  const between = from === THE_HOST ? [] : again(captures.get(THE_HOST));
  const stations = [
    ...stationsOf(from, left),
    ...(to === THE_HOST ? [] : stationsOf(THE_HOST, between)),
    ...stationsOf(to, arrived),
  ];
  const restMs = target.readAt - begun;
  const answer = source.packets
    .filter(({ out }) => !out)
    .map((packet) => answerIn?.(packet))
    .find(Boolean);
  const seen = { stations, restMs, ...(answer && { answer }) };
  if (arrived.length > 0) return { fate: 'arrived', ...seen };
  const isComplete = source.missed === 0 && target.missed === 0;
  return { fate: left.length > 0 && isComplete && !answer ? 'lost' : 'unknown', ...seen };
}

function markOf({ protocol, seq, payload }: Packet): string {
  return protocol === 'tcp' ? `tcp ${seq}` : `${protocol} ${payload}`;
}

/** The first packet at each interface and in each direction: the kernel sends a packet again when nobody answers. */
function once(packets: Packet[]): Packet[] {
  return packets.filter(
    (packet, i) => packets.findIndex((each) => each.interface === packet.interface && each.out === packet.out) === i,
  );
}

/** The name of an interface in a place. */
export type Interfaces = (place: string, index: number) => string;

export function interfacesIn(sandboxes: Record<string, SandboxFacts>, host: HostFacts): Interfaces {
  return (place, index) => {
    const sandbox = place === THE_HOST ? host.sandbox : sandboxes[place];
    return sandbox?.interfaces.find((each) => each.index === index)?.name ?? `interface ${index}`;
  };
}
