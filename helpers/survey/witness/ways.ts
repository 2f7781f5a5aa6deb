/**
 * Ways round: through everything that a stranger can open, something is sent that can be recognised. A witness in the sandboxes
 * of the stage sees where it goes, whoever passes it on. (Who reaches whom at once is seen in reach.ts.)
 */
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import { until } from '../../base/wait.ts';
import { OUTSIDE, type Apart } from '../../lab/survey-plan.ts';
import type { ContainerFacts, OutsideFacts } from '../facts.ts';
import type { Look } from '../look.ts';
import { EMBEDDED_DNS } from '../../base/docker/addresses.ts';
import { usesHostSandbox } from '../subjects.ts';
import type { TriedFacts, WayFacts, WaysFacts } from '../way-facts.ts';
import { arrivedIn, mayPass, stationsOf } from './arrivals.ts';
import { Hearing } from './hearing.ts';
import { MOST_OPENINGS, openingsOf, openingsOutside, type Opening } from './openings.ts';
import { castOf, nameOf, sendersOf, type Casting, type Sender } from './senders.ts';
import { answeredHttp, askPlainly, control, mayBeAsked, sendRequests, sendThrough, type Sent } from './sending.ts';
import { doorOf, strangersSpeak, suspectsAmong, type Suspect } from './suspects.ts';
import { Witness } from './witness.ts';

/** So long (milliseconds) somebody may take to pass on what he got, and so many times as long as a connection takes. */
const PASSED_ON_MS = 300;
const PATIENCE = 20;
/** What is passed on only when the sender has ended may take this part of it. */
const AT_THE_END = 3;
/** Bytes of each packet that are searched. */
const SEARCHED = 1_400;

export interface WaysSurvey {
  facts: WaysFacts;
  /** Who may have asked a target in the name of a stranger, without passing on his words. */
  suspects: Suspect[];
}

/** What is known while it is looked for ways. */
interface Search {
  host: LabHost;
  cast: Casting;
  hearing: Hearing;
  patience: number;
}

export interface WaysInProgress {
  found: Promise<WaysSurvey>;
  /** When experiments may begin: a target that is paused may be too full for what somebody passes on. */
  clear: Promise<unknown>;
}

/** @param outside What can be opened from outside; awaited only if somebody outside is one of the strangers. */
export function surveyWays(host: LabHost, apart: Apart, look: Look, outside: Promise<OutsideFacts>): WaysInProgress {
  const openings = openingsBySender(host, apart, look, outside);
  const found = openings.then(({ cast, bySender }) => search(host, look, cast, bySender));
  // Where only roles can be asked, nothing is likely to be passed on, and nobody waits for it.
  const clear = openings.then(({ cast, bySender }) =>
    [...bySender].some(([sender, doors]) => doors.some((door) => !isPlain(door, sender, cast))) ? found : undefined,
  );
  // Failures are reported where the results are awaited.
  for (const each of [found, clear]) each.catch(() => undefined);
  return { found, clear };
}

async function openingsBySender(
  host: LabHost,
  apart: Apart,
  look: Look,
  outside: Promise<OutsideFacts>,
): Promise<{ cast: Casting; bySender: Map<Sender, Opening[]> }> {
  const cast = await castOf(host, apart, look);
  const openings = sendersOf(apart, look).map(async (sender): Promise<[Sender, Opening[]]> => {
    const all =
      sender.container === undefined
        ? openingsOutside(await outside, host.outside.addresses, cast)
        : openingsOf(sender.container, cast);
    const shut = sender.targets.map(({ sandboxOf }) => sandboxOf);
    // What leads straight to a target is seen in reach.ts and outside.ts.
    return [sender, all.filter(({ into }) => into === undefined || !shut.includes(into.sandboxOf))];
  });
  return { cast, bySender: new Map(await Promise.all(openings)) };
}

/** Whether it is the only port of a role that may be asked. */
function isPlain(opening: Opening, { targets }: Sender, cast: Casting): boolean {
  const listeners = cast.sandboxes[opening.into?.name ?? '']?.listeners ?? [];
  const ports = new Set(listeners.filter(({ address }) => address !== EMBEDDED_DNS).map(({ port }) => port));
  return mayBeAsked(opening, targets, cast) && ports.size === 1;
}

async function search(host: LabHost, look: Look, cast: Casting, bySender: Map<Sender, Opening[]>): Promise<WaysSurvey> {
  const pairs = [...bySender.keys()].flatMap((sender) => sender.targets.map((to) => ({ sender, to })));
  const targets = [...new Set(pairs.map(({ to }) => to))].filter((each) => !usesHostSandbox(each));
  const inside = look.containers.filter(({ name }) => look.sandboxes[name] !== undefined);
  await using witness =
    targets.length === 0 ? undefined : await Witness.listen(host, inside, { what: 'talk', payload: SEARCHED });
  if (witness === undefined) {
    const tried = pairs.map(({ sender, to }) => unheard(sender, to, 'not allowed'));
    return { facts: { tried, ways: [] }, suspects: [] };
  }
  const hearing = new Hearing(witness);
  const controls = await control(host, hearing, targets, cast);
  const patience = Math.max(PASSED_ON_MS, PATIENCE * Math.max(0, ...controls.values()));
  const known: Search = { host, cast, hearing, patience };
  const sentBy = new Map<Sender, Sent[]>();
  await heard(known, targets, async () => {
    const sending = [...bySender].map(async ([sender, openings]) => {
      const sent = await sendThrough(host, sender, openings.slice(0, MOST_OPENINGS), known);
      sentBy.set(sender, sent);
      return sent;
    });
    return (await Promise.all(sending)).flat();
  });
  const facts: WaysFacts = { tried: [], ways: [] };
  const suspects: Suspect[] = [];
  for (const { sender, to } of pairs) {
    const sent = sentBy.get(sender) ?? [];
    if (!controls.has(to.name)) facts.tried.push(unheard(sender, to, 'no control'));
    else {
      const open = new Set(sent.filter(({ answer }) => answer?.outcome === 'open').map(({ opening }) => opening)).size;
      const found = waysIn(sender, to, sent, known);
      const ways = found.length > 0 ? found : await waysByOtherPaths(sender, to, sent, known);
      facts.ways.push(...ways);
      if (ways.length === 0) suspects.push(...(await suspectsFor(sender, to, sent, known)));
      const untried = Math.max(0, (bySender.get(sender)?.length ?? 0) - MOST_OPENINGS);
      const missed = hearing.missed(to.name);
      facts.tried.push({ from: nameOf(sender), to: to.name, open, missed, ...(untried > 0 && { untried }) });
    }
  }
  return { facts, suspects };
}

/** Sends, and listens until whoever may pass something on has had the time for it. */
async function heard(
  { hearing, patience }: Search,
  targets: ContainerFacts[],
  send: () => Promise<Sent[]>,
): Promise<Sent[]> {
  const began = performance.now();
  const sent = await send();
  const waited = performance.now() - began;
  const toTheEnd = sent.some(({ answer }) => answer?.outcome === 'open' && answer.ms >= patience);
  const rest = Math.max(patience - waited, toTheEnd ? patience / AT_THE_END : 0);
  if (sent.some(({ answer }) => answer?.outcome === 'open') && rest > 0)
    await until(rest, () => Promise.resolve(undefined));
  await hearing.look(targets);
  return sent;
}

/** Whether nobody could listen in a container's sandbox for what somebody outside sent. */
export function unheardIn(facts: WaysFacts | undefined): (container: ContainerFacts) => boolean {
  return ({ name }) =>
    !(facts?.tried ?? []).some(({ from, to, unheard: why }) => from === OUTSIDE && to === name && why === undefined);
}

function unheard(sender: Sender, to: ContainerFacts, otherwise: TriedFacts['unheard'] & string): TriedFacts {
  const why = usesHostSandbox(to) ? 'no sandbox of its own' : otherwise;
  return { from: nameOf(sender), to: to.name, open: 0, missed: 0, unheard: why };
}

function waysIn(sender: Sender, to: ContainerFacts, sent: Sent[], { hearing: { seen }, cast }: Search): WayFacts[] {
  const arrived = sent.filter(({ nonce }) => arrivedIn(to, nonce.word, seen) && !mayPass(nonce, to, seen, cast));
  const once = [...Map.groupBy(arrived, ({ opening }) => opening).values()].map(([first]) => first!);
  return once.map(({ opening, nonce }) => ({
    ...{ from: nameOf(sender), to: to.name, form: nonce.form, door: doorOf(opening) },
    stations: stationsOf(nonce.word, to, seen, cast),
  }));
}

/** Web servers of strangers, which may have something else at other paths. */
function otherServers(sent: Sent[], to: ContainerFacts, { cast }: Search): Opening[] {
  const answered = sent.filter((each) => each.nonce.form === 'http' && answeredHttp(each));
  return [...new Set(answered.map(({ opening }) => opening))].filter((opening) => !mayBeAsked(opening, [to], cast));
}

/** Asks for the paths for which the target itself is asked, and for some that have its name. */
async function waysByOtherPaths(sender: Sender, to: ContainerFacts, sent: Sent[], known: Search): Promise<WayFacts[]> {
  const servers = otherServers(sent, to, known);
  if (servers.length === 0) return [];
  const role = known.cast.roles.get(to.name) ?? to.name;
  const paths = [...known.hearing.pathsAsked(to.name), `/${role}`, ...role.split('-').map((part) => `/${part}`)];
  const again = await heard(known, [to], () =>
    sendRequests(known.host, sender, servers, { ...known, paths: [...new Set(paths)] }),
  );
  return waysIn(sender, to, again, known);
}

async function suspectsFor(sender: Sender, to: ContainerFacts, sent: Sent[], known: Search): Promise<Suspect[]> {
  const { host, cast, hearing } = known;
  if (!strangersSpeak(hearing.spokenTo(to.name), to, cast)) return [];
  const pair = { ...(sender.container && { sender: sender.container }), target: to };
  return suspectsAmong(otherServers(sent, to, known), pair, {
    ...{ hearing, cast },
    ask: (opening) => askPlainly(host, sender, opening),
  });
}
