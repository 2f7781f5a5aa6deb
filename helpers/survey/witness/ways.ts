/**
 * Ways round: through everything that a stranger can open, something is sent that can be recognised. A witness in the sandboxes
 * of the stage sees where it goes, whoever passes it on. (Who reaches whom at once is seen in reach.ts.)
 */
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { ExchangeAnswer } from '../../machine/probe/protocol.ts';
import { InfrastructureError } from '../../base/failure.ts';
import { until } from '../../base/wait.ts';
import { OUTSIDE, type Apart } from '../../lab/survey-plan.ts';
import { EXPECTED_MS } from '../attempts.ts';
import type { ContainerFacts, OutsideFacts } from '../facts.ts';
import type { Look } from '../look.ts';
import { playersOf } from '../roles.ts';
import { askIn, changeOrMoveOf } from '../sandboxes.ts';
import { addressesOf, hostAddresses, isAlive, openPorts, portsTheEngineHolds, usesHostSandbox } from '../subjects.ts';
import type { TriedFacts, WayFacts, WaysFacts } from '../way-facts.ts';
import { arrivedIn, leadsTo, mayPass, stationsOf, type Casting, type Sightings } from './arrivals.ts';
import { Hearing } from './hearing.ts';
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
import { listeningAtHost, openingsOf, openingsOutside, type Opening } from './openings.ts';
import { doorOf, strangersSpeak, suspectsAmong, type Suspect } from './suspects.ts';
import { Witness } from './witness.ts';

/** So long (milliseconds) somebody may take to pass on what he got, and so many times as long as what comes straight. */
const PASSED_ON_MS = 300;
const PATIENCE = 20;
/** Bytes of each packet that are searched. */
const SEARCHED = 1_400;

/** One who must not get through to some others. */
interface Sender {
  /** Absent for somebody outside. */
  container?: ContainerFacts;
  targets: ContainerFacts[];
}

interface Sent {
  opening: Opening;
  nonce: Nonce;
  answer: ExchangeAnswer | undefined;
}

export interface WaysSurvey {
  facts: WaysFacts;
  /** What may have asked a target in the name of a stranger, without passing on his words. */
  suspects: Suspect[];
}

/** @param outside What can be opened from outside; awaited only if somebody outside is one of the strangers. */
export async function surveyWays(
  host: LabHost,
  apart: Apart,
  look: Look,
  outside: Promise<OutsideFacts>,
): Promise<WaysSurvey> {
  const cast = await castOf(host, apart, look);
  const senders = sendersOf(apart, look);
  const targets = [...new Set(senders.flatMap((each) => each.targets))].filter((each) => !usesHostSandbox(each));
  const inside = look.containers.filter(({ name }) => look.sandboxes[name] !== undefined);
  await using witness =
    targets.length === 0 ? undefined : await Witness.listen(host, inside, { what: 'talk', payload: SEARCHED });
  if (witness === undefined) {
    const tried = senders.flatMap((sender) =>
      sender.targets.map((to) => unheard(sender, to, usesHostSandbox(to) ? 'no sandbox of its own' : 'not allowed')),
    );
    return { facts: { tried, ways: [] }, suspects: [] };
  }
  const hearing = new Hearing(witness);
  const controls = await control(host, hearing, targets, cast);
  const patience = Math.max(PASSED_ON_MS, PATIENCE * Math.max(0, ...controls.values()));
  const all = await Promise.all(
    senders.map(async (sender) => {
      const openings =
        sender.container === undefined
          ? openingsOutside(await outside, host.outside.addresses, cast)
          : openingsOf(sender.container, cast);
      return { sender, sent: await sendThrough(host, sender, openings, { cast, hearing, patience }) };
    }),
  );
  // Whoever waits for the end before he passes it on has got that now.
  const waiting = all.some(({ sent }) =>
    sent.some(({ answer }) => answer?.outcome === 'open' && answer.ms >= patience),
  );
  const spoken = await hearing.look(targets);
  if (waiting) {
    await until(patience, () => Promise.resolve(undefined));
    await hearing.look();
  }
  const facts: WaysFacts = { tried: [], ways: [] };
  const suspects: Suspect[] = [];
  for (const { sender, sent } of all) {
    for (const to of sender.targets) {
      if (!controls.has(to.name)) {
        facts.tried.push(unheard(sender, to, usesHostSandbox(to) ? 'no sandbox of its own' : 'no control'));
        continue;
      }
      const open = new Set(sent.filter(({ answer }) => answer?.outcome === 'open').map(({ opening }) => opening)).size;
      facts.tried.push({ from: nameOf(sender), to: to.name, open, missed: hearing.missed(to.name) });
      const ways = waysIn(sender, to, sent, { seen: hearing.seen, cast });
      facts.ways.push(...ways);
      if (ways.length > 0 || !strangersSpeak(spoken.get(to.name) ?? [], to, cast)) continue;
      suspects.push(...(await suspectsFor(host, sender, { to, sent, hearing, cast })));
    }
  }
  return { facts, suspects };
}

/** Whether nobody could listen in a container's sandbox for what somebody outside sent. */
export function unheardIn(facts: WaysFacts | undefined): (container: ContainerFacts) => boolean {
  return ({ name }) =>
    !(facts?.tried ?? []).some(({ from, to, unheard: why }) => from === OUTSIDE && to === name && why === undefined);
}

function unheard(sender: Sender, to: ContainerFacts, why: TriedFacts['unheard'] & string): TriedFacts {
  return { from: nameOf(sender), to: to.name, open: 0, missed: 0, unheard: why };
}

/** Of the doors at which HTTP was answered, and which do not lead to the target by way of those that may ask. */
function suspectsFor(
  host: LabHost,
  { container }: Sender,
  { to, sent, hearing, cast }: { to: ContainerFacts; sent: Sent[]; hearing: Hearing; cast: Casting },
): Promise<Suspect[]> {
  const answered = sent.filter(
    ({ nonce, answer }) =>
      nonce.form === 'http' &&
      Buffer.from(answer?.received ?? '', 'base64')
        .toString('latin1')
        .startsWith('HTTP/'),
  );
  const ask = (opening: Opening): Promise<unknown> =>
    send(host, container ?? 'outside', opening, plainRequest(), EXPECTED_MS, ALL);
  const pair = { ...(container && { sender: container }), target: to };
  return suspectsAmong([...new Set(answered.map(({ opening }) => opening))], pair, { hearing, cast, ask });
}

function nameOf({ container }: Sender): string {
  return container?.name ?? OUTSIDE;
}

async function castOf(
  host: LabHost,
  apart: Apart,
  { containers, sandboxes, processes, ...look }: Look,
): Promise<Casting> {
  const roles = new Map(
    Object.entries(look.roles).flatMap(([role, finding]) =>
      playersOf(finding, containers).map(({ name }): [string, string] => [name, role]),
    ),
  );
  // On a machine in use, other people's programs listen, too: nothing is sent to them.
  const own = host.engine.host === 'disposable';
  const known = portsTheEngineHolds(containers).add(host.outside.canaryPort);
  const hostPorts = own
    ? [...listeningAtHost(look.host.sandbox, known), ...(look.firewall?.ports ?? []).filter((each) => !known.has(each))]
    : [];
  return { apart, roles, containers, sandboxes, processes, atHost: await hostAddresses(host), hostPorts };
}

function sendersOf({ pairs }: Apart, { roles, containers, sandboxes }: Look): Sender[] {
  const players = (role: string): ContainerFacts[] =>
    playersOf(roles[role], containers).filter((each) => isAlive(each) && sandboxes[each.name] !== undefined);
  const byRole = Map.groupBy(pairs, ({ from }) => from);
  return [...byRole].flatMap(([from, meant]): Sender[] => {
    const targets = meant.flatMap(({ to }) => players(to));
    const apartFrom = (one: ContainerFacts): ContainerFacts[] =>
      targets.filter((each) => each.sandboxOf !== one.sandboxOf);
    const senders =
      from === OUTSIDE ? [{ targets }] : players(from).map((it) => ({ container: it, targets: apartFrom(it) }));
    return senders.filter((each) => each.targets.length > 0);
  });
}

/**
 * Sends each target something that must arrive: from the lab host, or from whoever is on a network with it.
 *
 * @returns how long it took, by the target's name; of those that nobody could open, nothing.
 */
async function control(
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
      const nonce = ownNonce(cast.apart.speaks[cast.roles.get(target.name) ?? '']);
      hearing.expect([nonce.word]);
      const began = performance.now();
      const answer = await send(host, from, aim, nonce, PASSED_ON_MS, 1);
      if (answer?.outcome !== 'open') continue;
      const arrived = await until(EXPECTED_MS, async () => {
        await hearing.look();
        return arrivedIn(target, nonce.word, hearing.seen) || undefined;
      });
      if (arrived === true) took.set(target.name, performance.now() - began);
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

/** Where a container listens for others, at each of its addresses. */
function aimsAt(target: ContainerFacts, { sandboxes }: Casting): Aim[] {
  const [port] = openPorts(sandboxes[target.name]?.listeners ?? []);
  return port === undefined ? [] : addressesOf(target).map((address) => ({ address, port }));
}

function sharesNetwork(one: ContainerFacts, other: ContainerFacts): boolean {
  return one.attachments.some(({ networkId }) => other.attachments.some((each) => each.networkId === networkId));
}

async function sendThrough(
  host: LabHost,
  { container, targets }: Sender,
  openings: Opening[],
  { cast, hearing, patience }: { cast: Casting; hearing: Hearing; patience: number },
): Promise<Sent[]> {
  const shut = targets.map(({ sandboxOf }) => sandboxOf);
  // What leads straight to a target is seen in reach.ts and outside.ts.
  const round = openings.filter(({ into }) => into === undefined || !shut.includes(into.sandboxOf));
  const sent = round.flatMap((opening) => noncesFor(opening, targets, cast).map((nonce) => ({ opening, nonce })));
  hearing.expect(sent.map(({ nonce }) => nonce.word));
  return Promise.all(
    sent.map(async (each) => ({
      ...each,
      answer: await send(host, container ?? 'outside', each.opening, each.nonce, patience, ALL),
    })),
  );
}

/** Everything that comes is taken until the other side ends. */
const ALL = 65_536;

function send(
  host: LabHost,
  from: ContainerFacts | 'outside' | undefined,
  { address, port }: Aim,
  { bytes }: Nonce,
  timeoutMs: number,
  enough: number,
): Promise<ExchangeAnswer | undefined> {
  const question = { ask: 'exchange', address, port, send: bytes, enough, timeoutMs } as const;
  return typeof from === 'object' ? askIn(host, from, question) : host.ask(from ?? 'host', question);
}

/** What a role may pass on to all targets is not tried. */
function noncesFor({ container = '' }: Opening, targets: ContainerFacts[], cast: Casting): Nonce[] {
  const { apart, roles } = cast;
  const role = roles.get(container);
  const speaks = role === undefined ? undefined : apart.speaks[role];
  const wanted = targets.map(({ name }) => roles.get(name)!);
  const mayPassAll = wanted.every((to) => leadsTo(role, to, apart));
  const wantsMongo = wanted.some((to) => apart.speaks[to] === 'mongodb');
  return [
    rawNonce(),
    ...(speaks === 'http' && mayPassAll ? [] : httpNonces()),
    ...(wantsMongo && speaks !== 'mongodb' ? [mongoNonce()] : []),
    ...(role === undefined ? proxyNonces(targets.flatMap((each) => aimsAt(each, cast))) : []),
  ];
}

function waysIn(
  sender: Sender,
  to: ContainerFacts,
  sent: Sent[],
  { seen, cast }: { seen: Sightings; cast: Casting },
): WayFacts[] {
  const arrived = sent.filter(({ nonce }) => arrivedIn(to, nonce.word, seen) && !mayPass(nonce, to, seen, cast));
  const once = [...Map.groupBy(arrived, ({ opening }) => opening).values()].map(([first]) => first!);
  return once.map(({ opening, nonce }) => ({
    ...{ from: nameOf(sender), to: to.name, form: nonce.form, door: doorOf(opening) },
    stations: stationsOf(nonce.word, to, seen, cast),
  }));
}
