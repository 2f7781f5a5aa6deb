/** Reads in captures where a nonce was, and whether it may have been passed on there. */
import { isIPv6, SocketAddress } from 'node:net';
import type { Packet } from '../../machine/probe/protocol.ts';
import { THE_HOST, type ContainerFacts } from '../facts.ts';
import { addressesOf } from '../subjects.ts';
import type { EntryFacts } from '../way-facts.ts';
import { LETTERS, type Nonce } from './nonces.ts';
import { holderOf, type Surroundings } from './openings.ts';
import { asksFor, type Casting } from './senders.ts';
import type { Captures } from './witness.ts';

const LETTERS_OF_A_WORD = new RegExp(`[a-z]{${LETTERS},}`, 'gi');

/**
 * Packets whose payload has a nonce: by the nonce's word and by the name of the container whose sandbox they were in; the first
 * one at each port.
 */
export type Sightings = Map<string, Map<string, Packet[]>>;

/** Adds what captures have of some words. The lab host's own is left out: it sees what others see. */
export function note(seen: Sightings, captures: Captures, words: ReadonlySet<string>): void {
  for (const [name, { packets }] of captures) {
    if (name === THE_HOST) continue;
    for (const packet of packets)
      for (const word of wordsIn(packet)) if (words.has(word)) add(seen, word, name, packet);
  }
}

/** Everything in a packet that may be the word of a nonce: somebody may have put letters in front of it. */
function wordsIn({ payload }: Packet): string[] {
  const runs =
    Buffer.from(payload ?? '', 'base64')
      .toString('latin1')
      .match(LETTERS_OF_A_WORD) ?? [];
  return runs.flatMap((run) =>
    Array.from({ length: run.length - LETTERS + 1 }, (_, at) => run.slice(at, at + LETTERS).toLowerCase()),
  );
}

function add(seen: Sightings, word: string, name: string, packet: Packet): void {
  const places = seen.get(word) ?? new Map<string, Packet[]>();
  const packets = places.get(name) ?? [];
  const isNew = !packets.some(({ out, toPort }) => out === packet.out && toPort === packet.toPort);
  if (isNew) packets.push(packet);
  places.set(name, packets);
  seen.set(word, places);
}

/** The first packet of a nonce that came into a container's sandbox; one that left it, if none came in. */
function cameInto(container: ContainerFacts, word: string, seen: Sightings): Packet | undefined {
  const packets = seen.get(word)?.get(container.sandboxOf) ?? [];
  return packets.find(({ out }) => !out) ?? packets[0];
}

/** Whether a nonce was in a container's sandbox. */
export function arrivedIn(container: ContainerFacts, word: string, seen: Sightings): boolean {
  return cameInto(container, word, seen) !== undefined;
}

/** Where a nonce came in on its way to the target, in the order of time; not where it was afterwards, in an answer. */
export function stationsOf(word: string, target: ContainerFacts, seen: Sightings, around: Surroundings): EntryFacts[] {
  const arrived = cameInto(target, word, seen);
  if (arrived === undefined) return [];
  const owners = around.containers.filter(
    ({ name, sandboxOf }) => name === sandboxOf && sandboxOf !== target.sandboxOf,
  );
  const before = owners.flatMap((container) => {
    const packet = cameInto(container, word, seen);
    return packet === undefined || packet.out || packet.at > arrived.at ? [] : [{ container, packet }];
  });
  before.sort((one, other) => one.packet.at - other.packet.at);
  return [...before, { container: target, packet: arrived }].map(({ container, packet }) => ({
    container: holderOf(container, packet.toPort, around),
    ...{ address: canonical(packet.to), port: packet.toPort, from: canonical(packet.from) },
  }));
}

/** The container with an address of Docker's, however it is written: IPv6 has many ways. */
export function ownerOf(address: string, { containers }: Surroundings): ContainerFacts | undefined {
  return containers.find((each) => addressesOf(each).some((own) => canonical(own) === canonical(address)));
}

function canonical(address: string): string {
  return isIPv6(address) ? new SocketAddress({ address, family: 'ipv6' }).address : address;
}

/**
 * Whether a nonce that arrived was passed on by a role that may do so: one that asks the target itself, in the protocol in
 * which it was asked; or one that outsiders talk to, whatever they say.
 */
export function mayPass(
  { form, word }: Pick<Nonce, 'form' | 'word'>,
  target: ContainerFacts,
  seen: Sightings,
  cast: Casting,
): boolean {
  const arrived = cameInto(target, word, seen);
  const carrier = arrived && ownerOf(arrived.from, cast);
  if (carrier === undefined) return false;
  const ports = (seen.get(word)?.get(carrier.sandboxOf) ?? []).filter(({ out }) => !out).map(({ toPort }) => toPort);
  const askedThere = ports.map((port) => holderOf(carrier, port, cast));
  return cast.containers
    .filter((each) => askedThere.includes(each.name) && asksFor(each, target, cast))
    .map(({ name }) => cast.roles.get(name)!)
    .some((role) => cast.apart.publics.includes(role) || cast.apart.speaks[role] === form);
}
