/** What a witness says of packets: where each was, and whether it arrived. */
import { describe, expect, test } from '@jest/globals';
import { addressIn } from '../../helpers/machine/probe/agent/address.ts';
import { packetIn } from '../../helpers/machine/probe/agent/packets.ts';
import { packetFilter } from '../../helpers/machine/probe/agent/packet-filter.ts';
import type { Packet } from '../../helpers/machine/probe/protocol.ts';
import { THE_HOST } from '../../helpers/survey/facts.ts';
import { controlled, type Control } from '../../helpers/survey/witness/controls.ts';
import { firstOf, hadTime, trailOf, type Trail } from '../../helpers/survey/witness/trail.ts';
import type { Capture } from '../../helpers/survey/witness/witness.ts';

const SYN = 2;
const first = { address: '10.0.1.2', port: 80, sourcePort: 4000 };
const packet = (at: number, out: boolean, more: Partial<Packet> = {}): Packet => ({
  ...{ at, out, interface: 2, protocol: 'tcp', from: '10.0.0.2', fromPort: 4000, to: '10.0.1.2', toPort: 80 },
  ...{ seq: 77, flags: SYN, size: 0, ...more },
});
const capture = (packets: Packet[], more: Partial<Capture> = {}): Capture => ({
  packets,
  missed: 0,
  readAt: 1200,
  ...more,
});
const interfaces = (place: string, index: number): string => `${place === THE_HOST ? 'veth' : 'eth'}${index}`;

function trail(source: Capture | undefined, target: Capture | undefined, host?: Capture): Trail {
  const captures = new Map(
    Object.entries({ a: source, b: target, [THE_HOST]: host }).filter(
      (entry): entry is [string, Capture] => entry[1] !== undefined,
    ),
  );
  return trailOf(captures, { from: 'a', to: 'b', ...firstOf(first) }, interfaces);
}

describe('a packet', () => {
  const left = packet(1000, true);

  test('has arrived when the target’s sandbox got it, by whatever address', () => {
    const translated = packet(1000.5, false, { to: '172.16.0.9', toPort: 8080, fromPort: 1024 });
    expect(trail(capture([left]), capture([translated]))).toMatchObject({
      fate: 'arrived',
      stations: [
        { place: 'a', interface: 'eth2', way: 'out', ms: 0 },
        { place: 'b', interface: 'eth2', way: 'in', ms: 0.5 },
      ],
    });
  });

  test('is lost when it left and did not arrive; the host says where it was last', () => {
    const atHost = capture([packet(1000.1, false, { interface: 7 }), packet(2000, false, { interface: 7 })]);
    expect(trail(capture([left]), capture([]), atHost)).toEqual({
      fate: 'lost',
      restMs: 200,
      stations: [
        { place: 'a', interface: 'eth2', way: 'out', ms: 0 },
        { place: THE_HOST, interface: 'veth7', way: 'in', ms: 0.1 },
      ],
    });
  });

  test.each<[string, Capture | undefined, Capture | undefined]>([
    ['it was not seen leaving', capture([]), capture([])],
    ['another packet left', capture([packet(1000, true, { fromPort: 4001 })]), capture([])],
    ['it came in at its sender', capture([packet(1000, false)]), capture([])],
    ['packets to the target could not be kept', capture([left]), capture([], { missed: 1 })],
    ['packets at its sender could not be kept', capture([left], { missed: 1 }), capture([])],
    ['nobody listened at the target', capture([left]), undefined],
    ['nobody listened at the sender', undefined, capture([])],
  ])('has an unknown fate when %s', (_, source, target) => {
    expect(trail(source, target).fate).toBe('unknown');
  });

  test.each<[string, number, Trail['answer']]>([
    ['accepted', SYN | 0x10, 'open'],
    ['refused', 0x04 | 0x10, 'refused'],
  ])('that was %s by somebody else than the target is not lost', (_, flags, answer) => {
    const back = packet(1000.4, false, { from: '10.0.1.2', fromPort: 80, to: '10.0.0.2', toPort: 4000, flags, seq: 5 });
    const seen = trail(capture([left, back]), capture([]));
    expect(seen.answer).toBe(answer);
    expect(seen.fate).toBe('unknown');
  });

  test('is not lost when the end of its connection was sent later and arrived nowhere', () => {
    const end = packet(1100, true, { flags: 0x04, seq: 78 });
    expect(trail(capture([left, end]), capture([packet(1000.5, false)])).stations).toHaveLength(2);
  });

  test('of the same number, which left the target, did not arrive there', () => {
    expect(trail(capture([left]), capture([packet(1000.5, true)])).fate).toBe('lost');
  });

  test.each<[number, number, boolean]>([
    [100, 0.2, true],
    [99, 0.2, false],
    [199, 10, false],
    [200, 10, true],
  ])('had time enough after %d ms, when the slowest took %d ms: %s', (restMs, slowest, enough) => {
    expect(hadTime({ fate: 'lost', stations: [], restMs }, slowest)).toBe(enough);
  });
});

describe('the positive control', () => {
  const control: Control = { outcome: 'open', ms: 1, to: 'b', ...first };
  const silent: Control = { ...control, outcome: 'no-answer' };
  const seen = capture([packet(1000, false)]);

  test('is met when each control arrived, before and after', () => {
    expect([...controlled(new Map([['b', seen]]), [[control], [control]])]).toEqual(['b']);
  });

  test('is an error of ours when it was answered and the witness did not see it', () => {
    expect(() => controlled(new Map([['b', capture([])]]), [[control], [control]])).toThrow('did not see it arrive');
  });

  test.each<[string, Capture, Control[][]]>([
    ['nobody answered, and it did not arrive', capture([]), [[silent], [silent]]],
    ['it was sent once only', seen, [[control], []]],
  ])('is not met when %s', (_, at, rounds) => {
    expect([...controlled(new Map([['b', at]]), rounds)]).toEqual([]);
  });
});

describe('packets as they travel', () => {
  const tcp = Buffer.from(
    '4500002c000040004006000' +
      '00a000002' +
      '0a000102' +
      '0fa00050' +
      '0000004d' +
      '00000000' +
      '50020000' +
      '00000000' +
      '61626364',
    'hex',
  );

  test('of TCP: who, to whom, which', () => {
    expect(packetIn(tcp)).toEqual({
      ...{ protocol: 'tcp', from: '10.0.0.2', fromPort: 4000, to: '10.0.1.2', toPort: 80 },
      ...{ seq: 77, flags: SYN, size: 4, payload: Buffer.from('abcd').toString('base64') },
    });
  });

  test.each<[string, number[]]>([
    ['fd00:2:0:1::2', [0xfd, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2]],
    ['::1', [...Array.from({ length: 15 }, () => 0), 1]],
    ['::', Array.from({ length: 16 }, () => 0)],
    ['10.0.0.2', [10, 0, 0, 2]],
    ['10.0.0.2', [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 10, 0, 0, 2]],
  ])('have addresses as Docker writes them: %s', (text, bytes) => {
    expect(addressIn(bytes)).toBe(text);
  });

  test.each<[string, Buffer]>([
    ['nothing', Buffer.alloc(0)],
    ['half a header', tcp.subarray(0, 12)],
    ['an IP header alone', tcp.subarray(0, 20)],
    ['a TCP header that is cut off', tcp.subarray(0, 30)],
    ['another version', Buffer.concat([Buffer.from([0x95]), tcp.subarray(1)])],
    ['a longer IP header than there is', Buffer.concat([Buffer.from([0x4f]), tcp.subarray(1, 24)])],
  ])('give no packet when they are %s', (_, bytes) => {
    expect(packetIn(bytes)).toBeUndefined();
  });

  test('a filter’s jumps lead to instructions of its own', () => {
    for (const what of ['attempts', 'talk'] as const) {
      const program = packetFilter(what, 184);
      const count = program.length / 8;
      for (let at = 0; at < count; at++)
        for (const jump of [program.readUInt8(at * 8 + 2), program.readUInt8(at * 8 + 3)])
          expect(at + 1 + jump).toBeLessThanOrEqual(count);
    }
  });
});
