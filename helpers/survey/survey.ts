/** Surveys one deployed submission: looks at it when it is at rest, probes everything at once, then experiments. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, HostFacts, OutsideFacts, RoleFinding, Survey } from './facts.ts';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import type { BackendAway, Experiments } from './experiment-facts.ts';
import type { Dependence } from './backend-away.ts';
import { surveyDatabases } from './database.ts';
import { entrancesOf } from './entrances.ts';
import { knownFirst, tryEveryDoor, type Wanted } from './every-door.ts';
import { lookAround, type Look, type LookOptions, type Tried } from './look.ts';
import { surveyNames } from './names.ts';
import { moveEverything, restartsOf } from './new-addresses.ts';
import { surveyOutside } from './outside.ts';
import { surveyPings } from './pings.ts';
import type { RequestWanted, SurveyPlan } from '../lab/survey-plan.ts';
import { suspectedRelays } from './relays.ts';
import type { Entrance } from './requests.ts';
import type { Known } from './repeat.ts';
import { surveyReach } from './reach.ts';
import { calledName, playersOf } from './roles.ts';
import { touchesBackend } from './samples.ts';
import { changeOrMoveOf } from './sandboxes.ts';
import { partOf, stopwatch, type Stopwatch } from './stopwatch.ts';
import { isAlive, openPorts } from './subjects.ts';
import { usedUpOn } from './used-up.ts';
import type { Route } from './witness/follow.ts';
import { experimentOn, withAsked } from './witness/suspects.ts';
import { surveyWays, unheardIn } from './witness/ways.ts';

export interface SurveyOptions extends Pick<LookOptions, 'atOnce'> {
  /** Containers on another machine, with only those addresses that can be reached from here. */
  elsewhere?: ContainerFacts[];
  /** Is handed each section as soon as it is complete, while others are still being tried. */
  onFound?: (found: Partial<Tried>) => void;
}

export async function survey(
  host: LabHost,
  plan: SurveyPlan,
  deployment: DeploymentFacts,
  named: Record<string, string>,
  { elsewhere = [], atOnce = false }: SurveyOptions = {},
): Promise<Survey> {
  const clock = stopwatch();
  const ready = (): void => {
    clock.lap('ready');
  };
  const look = await lookAround(host, plan, named, { atOnce, ready });
  clock.lap('look');
  return probe(host, plan, deployment, look, { elsewhere, clock });
}

/** Completes a look: tries all connections, names and requests, and makes the experiments. */
export async function probe(
  host: LabHost,
  plan: SurveyPlan,
  deployment: DeploymentFacts,
  look: Look,
  {
    elsewhere = [],
    clock = stopwatch(),
    onFound,
  }: Pick<SurveyOptions, 'elsewhere' | 'onFound'> & { clock?: Stopwatch } = {},
): Promise<Survey> {
  const { containers, networks, roles, sandboxes, host: atHost } = look;
  const { doors } = look.firewall ?? {};
  const aliveAs = (role: string): ContainerFacts[] => playersOf(roles[role], containers).filter(isAlive);
  const players = plan.roles.flatMap(({ name }) => aliveAs(name));
  const sources = players.filter(({ name }) => sandboxes[name] !== undefined);
  const reachable = containers.filter(({ name }) => sandboxes[name] !== undefined);
  const { requests = [], databases: databasesWanted = [] } = plan.application ?? {};
  const mongos = databasesWanted.map(({ role }) => role);
  const routeOver = (way: string[]): Route => ({
    way: way.map((role) => ({ role, players: aliveAs(role), isMongo: mongos.includes(role) })),
    containers: reachable,
    sandboxes,
  });
  const timed = <T>(group: string, work: Promise<T>): Promise<T> => clock.part(partOf('probes', group), work);
  const section = async <K extends keyof Tried>(name: K, work: Promise<Tried[K]>): Promise<Tried[K]> => {
    const facts = await timed(name, work);
    onFound?.({ [name]: facts });
    return facts;
  };
  const { undisturbed } = host;
  // A request may hang where a role is away, and where there are no experiments nothing depends on what it would say.
  const hurried = undisturbed !== undefined || plan.roles.some(({ name }) => aliveAs(name).length === 0);
  // Probes that a paused server could not answer come first. Connections have all been tried once before anything is
  // paused; unanswered ones go on waiting during the experiment.
  const prompt = Promise.all([
    section(
      'names',
      surveyNames(host, sources, sandboxes, atHost, { names: namesToAsk(plan, roles, atHost), elsewhere }),
    ),
    section(
      'outside',
      surveyOutside(host, containers, networks, sandboxes, atHost.sandbox.listeners, { doors, hurried }),
    ),
    section('databases', surveyDatabases(host, databasesWanted, { aliveAs, sources, sandboxes })),
  ]);
  const ways =
    plan.apart &&
    surveyWays(
      host,
      plan.apart,
      look,
      prompt.then(([, seen]) => seen),
    );
  const listening = ways && timed('ways', ways.found);
  // A failure is reported below, where the result is awaited.
  listening?.catch(() => undefined);
  const experimenting = prompt.then(async ([, outside]) => {
    await ways?.clear;
    const asked = undisturbed === undefined ? requests : [];
    const wanted = await Promise.all(asked.map((request) => dependencesOf(host, request, aliveAs, routeOver, outside)));
    // What a machine in use has is put back afterwards only if it was written down before.
    const guarded =
      undisturbed === undefined && host.disturbing === undefined ? (plan.guarded ?? []).flatMap(aliveAs) : [];
    // Where nobody can listen, every port of others is a suspect.
    const unheard = guarded.length === 0 ? [] : guarded.filter(unheardIn((await listening)?.facts));
    const dependences = [...wanted.flat(), ...suspectedRelays(unheard, outside).map(atOneDoor)];
    if (plan.application !== undefined && dependences.length > 0)
      await host.disturbing?.(restartsOf(plan.application, { containers, roles }));
    return timed('backends away', takeAway(host, dependences, { containers, sandboxes }));
  });
  const confirming = Promise.all([listening, experimenting]).then(async ([heard, { silenced }]) => {
    const suspects = undisturbed === undefined && host.disturbing === undefined ? (heard?.suspects ?? []) : [];
    const away = await takeAway(host, suspects.map(experimentOn).map(atOneDoor), {
      containers,
      sandboxes,
    });
    return {
      waysFound: heard && withAsked(heard.facts, suspects, away.facts),
      silenced: silenced.union(away.silenced),
    };
  });
  const nobody = new Set<string>();
  // A failure of the experiments is reported below, where their results are awaited.
  const silenced = confirming.then(
    (taken) => taken.silenced,
    () => nobody,
  );
  const disturbed = undisturbed === undefined ? silenced : Promise.resolve(nobody);
  const [[names, outside, databases], { facts: backendAway, known }, { waysFound }, reach, pings] = await Promise.all([
    prompt,
    experimenting,
    confirming,
    section('reach', surveyReach(host, { sources, containers: reachable, elsewhere }, look, disturbed)),
    section('pings', surveyPings(host, { sources, containers: reachable, elsewhere }, look)),
  ]);
  const experiments: Experiments = { backendAway, ...(undisturbed === undefined ? {} : { withheld: undisturbed }) };
  const unstable = { ...look.unstable, ...(await changes(host, containers)) };
  clock.lap('probes');
  const working = experiments.backendAway.length > 0 && experiments.backendAway.every(touchesBackend);
  const stable = players.every(({ name }) => unstable[name] === undefined);
  if (plan.application !== undefined && working && stable) {
    experiments.newAddresses = await moveEverything(host, plan.application, {
      inventory: { containers, networks },
      roles,
      sandboxes,
      requests: oneOfEachFront(known),
    });
    clock.lap('new addresses');
  }
  return {
    engine: host.engine,
    deployment,
    ...look,
    unstable,
    names,
    reach,
    pings,
    outside,
    ...(waysFound && { ways: waysFound }),
    databases,
    experiments,
    usedUp: await usedUpOn(host, look.containers),
    timings: clock.laps,
  };
}

interface TakenAway {
  facts: BackendAway[];
  /** For each of these facts, the entrance and how it answered before. */
  known: Known[];
  /** Containers that may have been silent to others because they were paused. */
  silenced: Set<string>;
}

/** Pauses the backends one after another, so that a change of an answer is due to one of them. */
async function takeAway(
  host: LabHost,
  dependences: Wanted[],
  { containers, sandboxes }: Pick<Look, 'containers' | 'sandboxes'>,
): Promise<TakenAway> {
  const taken: TakenAway = { facts: [], known: [], silenced: new Set() };
  const worked: Entrance[] = [];
  for (const { entrances, ...dependence } of dependences) {
    const portsOf = ({ name }: ContainerFacts): number[] => openPorts(sandboxes[name]?.listeners ?? []);
    const wanted = { ...dependence, entrances: knownFirst(entrances, worked) };
    const { entrance, facts, hadRoom } = await tryEveryDoor(host, wanted, portsOf);
    taken.facts.push(facts);
    taken.known.push({ entrance, before: facts.before });
    if (touchesBackend(facts)) worked.push(entrance);
    if (hadRoom) continue;
    const silenced = dependence.backend.map(({ sandboxOf }) => sandboxOf);
    for (const each of containers) if (silenced.includes(each.sandboxOf)) taken.silenced.add(each.name);
  }
  return taken;
}

function atOneDoor({ entrance, ...each }: Dependence): Wanted {
  return { ...each, entrances: [entrance] };
}

/**
 * Each backend of a request, with the entrances of each container that plays the front; none if there is no entrance, or if one
 * of the backends does not run.
 */
async function dependencesOf(
  host: LabHost,
  { front, path, backends, ways }: RequestWanted,
  aliveAs: (role: string) => ContainerFacts[],
  routeOver: (way: string[]) => Route,
  outside: OutsideFacts,
): Promise<Wanted[]> {
  // Without one of them, nothing gets through.
  if (backends.length === 0 || backends.some((role) => aliveAs(role).length === 0)) return [];
  const alive = backends.map((role, i): Omit<Wanted, 'entrances'> => ({
    backend: aliveAs(role),
    route: routeOver(ways[i] ?? []),
  }));
  const fronts = await Promise.all(aliveAs(front).map((each) => entrancesOf(host, each, path, outside)));
  return fronts
    .filter((entrances) => entrances.length > 0)
    .flatMap((entrances) => alive.map((each) => ({ entrances, ...each })));
}

/** One request to each front, with its answers from before its first backend was paused. */
function oneOfEachFront(known: Known[]): Known[] {
  return known.filter(
    ({ entrance }, rank) => known.findIndex((each) => each.entrance.front === entrance.front) === rank,
  );
}

function namesToAsk(plan: SurveyPlan, found: Record<string, RoleFinding>, { privateName }: HostFacts): string[] {
  const names = plan.roles.flatMap(({ name }) => [name, calledName(name, found[name])]);
  return [...new Set([...names, ...(privateName === undefined ? [] : [privateName.name])])];
}

/** Containers that changed while they were probed, so that what was seen of them proves nothing. By name, in words. */
export async function changes(host: LabHost, containers: ContainerFacts[]): Promise<Record<string, string>> {
  const seen = await Promise.all(
    containers.filter(isAlive).map(async (each) => [each.name, await changeOrMoveOf(host, each)] as const),
  );
  return Object.fromEntries(seen.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
