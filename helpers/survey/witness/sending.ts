/** Sends nonces: through all doors of a stranger, and straight to the targets, where they must arrive. */
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { ExchangeAnswer } from '../../machine/probe/protocol.ts';
import { InfrastructureError } from '../../base/failure.ts';
import { until } from '../../base/wait.ts';
import { EXPECTED_MS } from '../attempts.ts';
import type { ContainerFacts } from '../facts.ts';
import { askIn, changeOrMoveOf } from '../sandboxes.ts';
import { addressesOf, openPorts } from '../subjects.ts';
import { arrivedIn } from './arrivals.ts';
import type { Hearing } from './hearing.ts';
import {
  httpNonces,
  mongoNonce,
  ownNonce,
  plainRequest,
  proxyNonces,
  rawNonce,
  type Aim,
  type Nonce,
} from './nonces.ts';
import type { Opening } from './openings.ts';
import { leadsTo, type Casting, type Sender } from './senders.ts';

/** For so long (milliseconds) a connection is tried that shows whether a target can be reached at all. */
const OPENS_MS = 300;
/** Everything that comes is taken, until the other side ends. */
const ALL = 65_536;

export interface Sent {
  opening: Opening;
  nonce: Nonce;
  /** Absent if the sender has ended. */
  answer: ExchangeAnswer | undefined;
}

/** Whether a web server answered. */
export function answeredHttp({ answer }: Sent): boolean {
  return Buffer.from(answer?.received ?? '', 'base64')
    .toString('latin1')
    .startsWith('HTTP/');
}

/**
 * Sends each target something that must arrive: from the lab host, or from whoever is on a network with it.
 *
 * @returns how long it took to open the connection (milliseconds), by the target's name; of those that nobody could open, nothing.
 * @throws {InfrastructureError} when it was not seen there.
 */
export async function control(
  host: LabHost,
  hearing: Hearing,
  targets: ContainerFacts[],
  cast: Casting,
): Promise<Map<string, number>> {
  const took = new Map<string, number>();
  const tryOne = async (target: ContainerFacts): Promise<void> => {
    const friends = cast.containers.filter((each) => cast.roles.has(each.name) && sharesNetwork(each, target));
    const tries = [undefined, ...friends].flatMap((from) => aimsAt(target, cast).map((aim) => ({ from, aim })));
    for (const { from, aim } of tries) {
      const question = { ask: 'connect', ...aim, timeoutMs: OPENS_MS } as const;
      const opened = await (from === undefined ? host.ask('host', question) : askIn(host, from, question));
      if (opened?.outcome !== 'open') continue;
      const nonce = ownNonce(cast.apart.speaks[cast.roles.get(target.name) ?? '']);
      hearing.expect([nonce.word]);
      const answer = await send(host, from ?? 'host', aim, nonce, EXPECTED_MS, 1);
      if (answer?.outcome !== 'open') continue;
      const arrived = await until(EXPECTED_MS, async () => {
        await hearing.look();
        return arrivedIn(target, nonce.word, hearing.seen) || undefined;
      });
      if (arrived === true) took.set(target.name, opened.ms);
      else if ((await changeOrMoveOf(host, target)) === undefined)
        throw new InfrastructureError(
          `the witness in the sandbox of ${target.name} did not see what was sent there: nobody can tell what else it missed`,
        );
      return;
    }
  };
  await Promise.all(targets.map(tryOne));
  return took;
}

function sharesNetwork(one: ContainerFacts, other: ContainerFacts): boolean {
  return one.attachments.some(({ networkId }) => other.attachments.some((each) => each.networkId === networkId));
}

/** Where a container listens for others, at each of its addresses. */
function aimsAt(target: ContainerFacts, { sandboxes }: Casting): Aim[] {
  const [port] = openPorts(sandboxes[target.name]?.listeners ?? []);
  return port === undefined ? [] : addressesOf(target).map((address) => ({ address, port }));
}

/** Sends through every opening whatever may be passed on there. */
export function sendThrough(
  host: LabHost,
  sender: Sender,
  openings: Opening[],
  known: { cast: Casting; hearing: Hearing; patience: number },
): Promise<Sent[]> {
  const nonces = openings.flatMap((opening) =>
    noncesFor(opening, sender.targets, known.cast).map((nonce) => ({ opening, nonce })),
  );
  return sendAll(host, sender, nonces, known);
}

/** Asks at every opening for some paths. */
export function sendRequests(
  host: LabHost,
  sender: Sender,
  openings: Opening[],
  { paths, ...known }: { paths: string[]; hearing: Hearing; patience: number },
): Promise<Sent[]> {
  const nonces = openings.flatMap((opening) => httpNonces(paths).map((nonce) => ({ opening, nonce })));
  return sendAll(host, sender, nonces, known);
}

/** At most so many connections are open at the same time: an agent cannot have any number of them. */
const AT_ONCE = 150;

async function sendAll(
  host: LabHost,
  { container }: Sender,
  nonces: Omit<Sent, 'answer'>[],
  { hearing, patience }: { hearing: Hearing; patience: number },
): Promise<Sent[]> {
  hearing.expect(nonces.map(({ nonce }) => nonce.word));
  const sent: Sent[] = [];
  for (let from = 0; from < nonces.length; from += AT_ONCE) {
    const some = nonces.slice(from, from + AT_ONCE).map(async (each) => ({
      ...each,
      answer: await send(host, container ?? 'outside', each.opening, each.nonce, patience, ALL),
    }));
    sent.push(...(await Promise.all(some)));
  }
  return sent;
}

/** Asks for the first page, as anybody may. */
export function askPlainly(host: LabHost, { container }: Sender, opening: Opening): Promise<unknown> {
  return send(host, container ?? 'outside', opening, plainRequest(), EXPECTED_MS, ALL);
}

function send(
  host: LabHost,
  from: ContainerFacts | 'outside' | 'host',
  { address, port }: Aim,
  { bytes }: Nonce,
  timeoutMs: number,
  enough: number,
): Promise<ExchangeAnswer | undefined> {
  const question = { ask: 'exchange', address, port, send: bytes, enough, timeoutMs } as const;
  return typeof from === 'object' ? askIn(host, from, question) : host.ask(from, question);
}

/** What a role may pass on to all targets is not tried. */
function noncesFor(opening: Opening, targets: ContainerFacts[], cast: Casting): Nonce[] {
  const { apart, roles } = cast;
  const role = roles.get(opening.container ?? '');
  const speaks = role === undefined ? undefined : apart.speaks[role];
  const wantsMongo = targets.some(({ name }) => apart.speaks[roles.get(name)!] === 'mongodb');
  return [
    rawNonce(),
    ...(mayBeAsked(opening, targets, cast) ? [] : httpNonces()),
    ...(wantsMongo && speaks !== 'mongodb' ? [mongoNonce()] : []),
    ...(role === undefined ? proxyNonces(targets.flatMap((each) => aimsAt(each, cast))) : []),
  ];
}

/** Whether a role listens there that may be asked by HTTP, and asks the targets then. */
export function mayBeAsked({ container = '' }: Opening, targets: ContainerFacts[], { apart, roles }: Casting): boolean {
  const role = roles.get(container);
  if (role === undefined || apart.speaks[role] !== 'http') return false;
  return targets.every(({ name }) => leadsTo(role, roles.get(name), apart));
}
