/** Reads in captures where a nonce was, and whether it may have been passed on there. */
import type { Apart } from '../../lab/survey-plan.ts';
import type { Packet } from '../../machine/probe/protocol.ts';
import { THE_HOST, type ContainerFacts } from '../facts.ts';
import { addressesOf } from '../subjects.ts';
import type { Station } from '../way-facts.ts';
import { LETTERS, type Nonce } from './nonces.ts';
import { holderOf, type Surroundings } from './openings.ts';
import type { Captures } from './witness.ts';

const LETTERS_OF_A_WORD = new RegExp(`[a-z]{${LETTERS},}`, 'gi');

export interface Casting extends Surroundings {
  apart: Apart;
  /** The role that a container plays, by its name. */
  roles: ReadonlyMap<string, string>;
}

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

/** Where a nonce came in on its way, in the order of time; the target comes last. */
export function stationsOf(word: string, target: ContainerFacts, seen: Sightings, around: Surroundings): Station[] {
  const owners = around.containers.filter(({ name, sandboxOf }) => name === sandboxOf);
  const sights = owners.flatMap((container) => {
    const packet = cameInto(container, word, seen);
    const isTarget = container.sandboxOf === target.sandboxOf;
    return packet === undefined || (packet.out && !isTarget) ? [] : [{ container, packet, isTarget }];
  });
  return sights
    .sort((one, other) => Number(one.isTarget) - Number(other.isTarget) || one.packet.at - other.packet.at)
    .map(({ container, packet }) => ({
      container: holderOf(container, packet.toPort, around),
      ...{ address: packet.to, port: packet.toPort, from: packet.from },
    }));
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
  const carrier = arrived && cast.containers.find((each) => addressesOf(each).includes(arrived.from));
  if (carrier === undefined) return false;
  const ports = (seen.get(word)?.get(carrier.sandboxOf) ?? []).filter(({ out }) => !out).map(({ toPort }) => toPort);
  const askedThere = ports.map((port) => holderOf(carrier, port, cast));
  return cast.containers
    .filter((each) => askedThere.includes(each.name) && asksFor(each, target, cast))
    .map(({ name }) => cast.roles.get(name)!)
    .some((role) => cast.apart.publics.includes(role) || cast.apart.speaks[role] === form);
}

/** Whether a container's role has a link to the target's role. */
export function asksFor({ name }: ContainerFacts, target: ContainerFacts, { apart, roles }: Casting): boolean {
  return apart.links.some(({ from, to }) => from === roles.get(name) && to === roles.get(target.name));
}

/** Whether a role asks another one, if need be by way of others: what it is asked may then get there, too. */
export function leadsTo(role: string | undefined, target: string | undefined, { links }: Apart): boolean {
  const next = links.filter(({ from }) => from === role).map(({ to }) => to);
  return next.some((each) => each === target || leadsTo(each, target, { links } as Apart));
}
