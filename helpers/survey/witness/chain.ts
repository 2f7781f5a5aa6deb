/** Reads in captures how a request went through the application: over which links, and whether answers came back. */
import type { Packet } from '../../machine/probe/protocol.ts';
import { InfrastructureError } from '../../base/failure.ts';
import type { FollowedRequest, LinkSeen } from '../chain-facts.ts';
import { OUTSIDE } from '../../lab/survey-plan.ts';
import { THE_HOST, type ContainerFacts, type OutsidePort, type SandboxFacts } from '../facts.ts';
import { addressesOf, isLoopback, openPorts } from '../subjects.ts';
import { isTalk, lastReply } from './mongo-talk.ts';
import type { Captures } from './witness.ts';

/** A role on the way, with the containers that play it. */
export interface Hop {
  role: string;
  players: ContainerFacts[];
  isMongo: boolean;
}

export interface Surroundings {
  /** All containers of the stage. */
  containers: ContainerFacts[];
  sandboxes: Record<string, SandboxFacts>;
}

/**
 * @param captures What was there while one request was made and answered, and nothing else was asked.
 * @param way From the front to the backend.
 * @param port Which was asked.
 * @throws {InfrastructureError} when the witness did not see the request itself, or missed packets where a link seems silent.
 */
export function followed(
  captures: Captures,
  way: Hop[],
  around: Surroundings,
  port: Pick<OutsidePort, 'address' | 'port'>,
): FollowedRequest {
  const [front, ...further] = way;
  const arrival = arrivalAt(captures, front!, around);
  if (arrival === undefined) return { links: [neverCame(captures, { front: front!, way, port }, around)] };
  const links: LinkSeen[] = [];
  let from = front!;
  let since = arrival.at;
  let spoken: Packet[] = [];
  for (const to of further) {
    const { link, at, packets } = linkSeen(captures, [from, to], around, { arrival, since });
    if (link.asked === 0) Object.assign(link, instead(captures, [from, to], way, around));
    if (link.asked === 0 || link.answered === 0) needComplete(captures, [from, to]);
    links.push(link);
    spoken = packets;
    since = at ?? since;
    from = to;
  }
  if (!from.isMongo) return { links };
  const reply = lastReply(spoken);
  return { links, ...(reply ? { reply } : spoken.some(({ out }) => out) && { unread: true }) };
}

/** Whether somebody has asked a backend something. */
export function isAsked(captures: Captures, asker: Hop, backend: Hop, around: Surroundings): boolean {
  return questions(captures, [asker, backend], around).length > 0;
}

/** The first packet of the request, as it came to the front; undefined if it did not. */
function arrivalAt(captures: Captures, front: Hop, around: Surroundings): Packet | undefined {
  return fromOutside(captures, front, around)[0];
}

/** What came from elsewhere to a role's ports. */
function fromOutside(captures: Captures, to: Hop, around: Surroundings): Packet[] {
  const own = new Set(around.containers.flatMap(addressesOf));
  const ports = portsOf(to, around);
  return packetsOf(captures, to).filter(
    (each) => isPayloadTo(each, ports) && !own.has(each.from) && !isLoopback(each.from),
  );
}

/**
 * The link to the front itself, when something else has answered: a rule of the firewall may lead elsewhere. That the request
 * was on the machine has to be seen.
 */
function neverCame(
  captures: Captures,
  { front, way, port }: { front: Hop; way: Hop[]; port: Pick<OutsidePort, 'address' | 'port'> },
  around: Surroundings,
): LinkSeen {
  const others = around.containers.filter(
    (each) =>
      !front.players.includes(each) &&
      fromOutside(captures, { role: each.name, players: [each], isMongo: false }, around).length > 0,
  );
  const onMachine = (captures.get(THE_HOST)?.packets ?? []).some(
    (each) => isTcpPayload(each) && !each.out && each.to === port.address && each.toPort === port.port,
  );
  needComplete(captures, [front]);
  if (others.length === 0 && !onMachine)
    throw new InfrastructureError(`a request was answered, but the witness in ${front.role} did not see it arrive`);
  const insteadTo = named(others, way);
  return { from: OUTSIDE, to: front.role, asked: 0, answered: 0, ...(insteadTo.length > 0 && { insteadTo }) };
}

/** Containers by their roles, or else by their names. */
function named(containers: ContainerFacts[], way: Hop[]): string[] {
  const nameOf = ({ name }: ContainerFacts): string =>
    way.find(({ players }) => players.some((each) => each.name === name))?.role ?? name;
  return [...new Set(containers.map(nameOf))];
}

function needComplete(captures: Captures, hops: Hop[]): void {
  for (const { players } of hops)
    for (const { name } of players)
      if ((captures.get(name)?.missed ?? 0) > 0)
        throw new InfrastructureError(`there were more packets in ${name} than the witness could keep`);
}

/** @returns the link, and what went over its connections both ways, in order. */
function linkSeen(
  captures: Captures,
  [from, to]: [Hop, Hop],
  around: Surroundings,
  { arrival, since }: { arrival: Packet; since: number },
): { link: LinkSeen; at: number | undefined; packets: Packet[] } {
  const asked = questions(captures, [from, to], around).filter(
    (each) => each.at >= since && connectionOf(each) !== connectionOf(arrival), // which may come to the same sandbox
  );
  const at = asked[0]?.at;
  const connections = new Set(asked.map(connectionOf));
  const packets = packetsOf(captures, to).filter((each) => each.at >= since && connections.has(connectionOf(each)));
  const answered = packets.filter((each) => each.out && isTcpPayload(each) && each.at >= at!);
  const link: LinkSeen = { from: from.role, to: to.role, asked: bytesIn(asked), answered: bytesIn(answered) };
  if (at !== undefined) link.ms = Math.round((at - arrival.at) * 10) / 10;
  return { link, at, packets };
}

/** A name of the connection of a packet that a server got or sent. On loopback, a packet is both: what was sent comes back. */
function connectionOf({ out, from, fromPort, to, toPort }: Packet): string {
  return out ? `${to} ${toPort} ${fromPort}` : `${from} ${fromPort} ${toPort}`;
}

/** Who was asked in place of a role that was not, and who asked it in place of the role that should. */
function instead(
  captures: Captures,
  [from, to]: [Hop, Hop],
  way: Hop[],
  around: Surroundings,
): Pick<LinkSeen, 'insteadTo' | 'insteadFrom'> {
  const { containers, sandboxes } = around;
  const others = containers.filter(
    ({ name }) => ![from, to].some((hop) => hop.players.some((each) => each.name === name)),
  );
  const listening = (each: ContainerFacts): Set<number> => new Set(openPorts(sandboxes[each.name]?.listeners ?? []));
  const sent = packetsOf(captures, from).filter((each) => isTcpPayload(each) && each.out);
  const got = packetsOf(captures, to).filter((each) => isPayloadTo(each, portsOf(to, around)));
  const asked = others.filter((each) => {
    const [addresses, ports] = [addressesOf(each), listening(each)];
    return sent.some((packet) => addresses.includes(packet.to) && ports.has(packet.toPort));
  });
  const asking = others.filter((each) => got.some((packet) => addressesOf(each).includes(packet.from)));
  return {
    ...(asked.length > 0 && { insteadTo: named(asked, way) }),
    ...(asking.length > 0 && { insteadFrom: named(asking, way) }),
  };
}

/**
 * What one role has sent to another's ports. An address that no container of the stage has is the machine's own: by way of it,
 * it cannot be told who asks, and so the one who should counts.
 */
function questions(captures: Captures, [from, to]: [Hop, Hop], around: Surroundings): Packet[] {
  const others = new Set(
    around.containers
      .filter(({ sandboxOf }) => !from.players.some((each) => each.sandboxOf === sandboxOf))
      .flatMap(addressesOf),
  );
  const together = from.players.some((one) => to.players.some((other) => one.sandboxOf === other.sandboxOf));
  const ports = portsOf(to, around);
  return packetsOf(captures, to)
    .filter((each) => isPayloadTo(each, ports) && (isLoopback(each.from) ? together : !others.has(each.from)))
    .filter((each) => !to.isMongo || isTalk(each));
}

function packetsOf(captures: Captures, { players }: Hop): Packet[] {
  const all = players.flatMap(({ name }) => captures.get(name)?.packets ?? []);
  return [...new Set(all)].sort((a, b) => a.at - b.at);
}

function portsOf({ players }: Hop, { sandboxes }: Pick<Surroundings, 'sandboxes'>): Set<number> {
  return new Set(players.flatMap(({ name }) => openPorts(sandboxes[name]?.listeners ?? [])));
}

function isTcpPayload({ protocol, size }: Packet): boolean {
  return protocol === 'tcp' && size > 0;
}

function isPayloadTo(packet: Packet, ports: ReadonlySet<number>): boolean {
  return isTcpPayload(packet) && !packet.out && ports.has(packet.toPort);
}

function bytesIn(packets: Packet[]): number {
  return packets.reduce((sum, { size }) => sum + size, 0);
}
