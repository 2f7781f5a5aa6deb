/** What ways round mean for a rule about who gets through to whom. */
import { OUTSIDE } from '../lab/survey-plan.ts';
import type { DoorFacts, TriedFacts, WayFacts } from '../survey/way-facts.ts';
import { describedEvidence, type Evidence } from '../lab/verdict.ts';
import { Inconclusive } from './matcher.ts';
import type { Role } from './lab-under-test.ts';

/**
 * How a role, or somebody outside (undefined), gets through to another one: a sentence for each place where he got in. Where there
 * are too many doors to try them all, nobody can say that none leads there.
 */
export function waysBetween(source: Role | undefined, target: Role): string[] {
  const ways = (target.lab.survey.ways?.ways ?? []).filter(isOf(source, target));
  const once = new Map(ways.map((way) => [`${nameOf(way.door)} ${way.door.port}`, way]));
  const untried = triedBetween(source, target)?.untried ?? 0;
  const many = `so many ports are there for ${called(source)} that ${untried} of them were not tried: nobody can tell whether one leads to ${target}`;
  return [...[...once.values()].map((way) => sentence(way, called(source), target)), ...(untried > 0 ? [many] : [])];
}

/** @throws {Inconclusive} when no way was found, and what was sent may have arrived unseen. */
export function needHeard(source: Role | undefined, target: Role): void {
  const missed = triedBetween(source, target)?.missed ?? 0;
  if (missed > 0)
    throw new Inconclusive(
      `so many packets came to ${target} that ${missed} of them could not be looked at, and what ${called(source)} sent may have been among them`,
    );
}

function triedBetween(source: Role | undefined, target: Role): TriedFacts | undefined {
  return target.lab.survey.ways?.tried.find(isOf(source, target));
}

function isOf(source: Role | undefined, target: Role): (each: { from: string; to: string }) => boolean {
  const sender = source?.facts.name ?? OUTSIDE;
  return ({ from, to }) => from === sender && to === target.facts.name;
}

function called(source: Role | undefined): string {
  return source === undefined ? 'somebody outside' : String(source);
}

/** Evidence of what was sent through others. */
export function wayEvidence(source: Role | undefined, target: Role): Evidence[] {
  const { tried, ways } = target.lab.survey.ways ?? { tried: [], ways: [] };
  const pair = isOf(source, target);
  return tried
    .filter(pair)
    .map(({ open, unheard }) =>
      describedEvidence(
        `something sent from ${source ?? 'outside'} to everybody else who listens (${open} open ports), looked for in the sandbox of ${target}`,
        unheard === undefined ? ways.filter(pair).map(path).join('\n') || 'nothing arrived' : UNHEARD[unheard],
      ),
    );
}

const UNHEARD = {
  'not allowed': '(not tried: this machine lets nobody listen)',
  'no sandbox of its own': '(not tried: it has no sandbox of its own)',
  'no control': '(not tried: nobody could open a connection to it)',
};

const FORMS: Record<Exclude<WayFacts['form'], 'asked'>, string> = {
  raw: 'bytes',
  http: 'an HTTP request',
  mongodb: 'a MongoDB command',
  proxy: 'a request to pass something on',
};

function sentence(way: WayFacts, source: string, target: Role): string {
  const { door, form } = way;
  const by = `${source} gets through to ${target} by way of ${nameOf(door)} (port ${door.port}${door.at === 'host' && door.container !== undefined ? ' of the host' : ''})`;
  return form === 'asked'
    ? `${by}: whenever it is asked there, it asks ${target}, and it answers otherwise while ${target} is paused`
    : `${by}: ${FORMS[form]} that ${source} sent there arrived in ${target}'s sandbox (${path(way)})`;
}

function nameOf({ container, at }: DoorFacts): string {
  return container ?? (at === 'host' ? 'the host' : 'a program in its own sandbox');
}

/** The stations, as `nginx -> helper:8090 -> mongo:27017`. */
function path({ from, door, stations }: WayFacts): string {
  const [first] = stations;
  const viaHost = door.at === 'host' && (first === undefined || first.address !== door.address);
  const entered = viaHost ? [`port ${door.port} of the host`] : [];
  const others = stations.map(({ container, port }) => `${container}:${port}`);
  const sender = from === OUTSIDE ? 'outside' : from;
  return [sender, ...entered, ...(others.length === 0 ? [nameOf(door)] : others)].join(' -> ');
}
