/** Surveys one deployed submission: waits until it is at rest, probes everything at once, then experiments. */
import type { LabHost } from '../lab-host/lab-host.ts';
import type { ContainerFacts, DeploymentFacts, HostFacts, RoleFinding, SandboxFacts, Survey } from './facts.ts';
import { surveyDatabase } from './database.ts';
import { databaseAway } from './database-away.ts';
import { surveyHistory } from './history.ts';
import { surveyNames } from './names.ts';
import { moveEverything } from './new-addresses.ts';
import { surveyOutside } from './outside.ts';
import { surveyPings } from './pings.ts';
import type { SurveyPlan } from './plan.ts';
import { surveyReach } from './reach.ts';
import { waitUntilReady } from './ready.ts';
import { calledName, containerOf, findRoles } from './roles.ts';
import { answersHttp, touchesDatabase } from './samples.ts';
import { changeOf, enterSandbox } from './sandboxes.ts';
import { isAlive } from './subjects.ts';

export async function survey(
  host: LabHost,
  plan: SurveyPlan,
  deployment: DeploymentFacts,
  named: Record<string, string>,
): Promise<Survey> {
  const clock = stopwatch();
  const find = (containers: ContainerFacts[]): Record<string, RoleFinding> => findRoles(containers, plan.roles, named);
  const inventory = await waitUntilReady(host, plan, find);
  clock.lap('ready');
  const { containers, networks } = inventory;
  const roles = find(containers);
  const aliveAs = (role: string | undefined): ContainerFacts | undefined => {
    const container = containerOf(roles[role ?? ''], containers);
    return container !== undefined && isAlive(container) ? container : undefined;
  };
  const players = plan.roles.map(({ name }) => aliveAs(name)).filter((each) => each !== undefined);
  const [{ sandboxes, gone }, atHost, canary] = await Promise.all([
    enterSandboxes(host, containers),
    enterHost(host),
    host.ask('host', { ask: 'listen' }),
  ]);
  const sources = players.filter(({ name }) => sandboxes[name] !== undefined);
  const reachable = containers.filter(({ name }) => sandboxes[name] !== undefined);
  const database = aliveAs(plan.application?.database);
  const front = aliveAs(plan.application?.front);
  // What gets no answer takes longest. The database is taken away meanwhile: a frozen server's kernel still accepts
  // connections and answers pings, so nobody's reach changes.
  const silences = Promise.all([
    surveyReach(host, sources, containers, sandboxes, canary.port),
    surveyPings(host, sources, reachable),
  ]);
  silences.catch(() => undefined); // awaited below, unless something else fails first
  const [names, outside, processes, history, databaseFacts] = await Promise.all([
    surveyNames(host, sources, sandboxes, atHost, namesToAsk(plan, roles, atHost)),
    surveyOutside(host, containers, networks, sandboxes, canary.port),
    host.ask('host', { ask: 'processes' }),
    surveyHistory(host.docker),
    surveyDatabase(host, database, sources, sandboxes),
  ]);
  const experiments: Survey['experiments'] = {};
  const entrance = outside.ports.find(
    ({ container, ...port }) =>
      front !== undefined && [front.name, front.sandboxOf].includes(container) && answersHttp(port),
  );
  if (entrance !== undefined && database !== undefined)
    experiments.databaseAway = await databaseAway(host, entrance, database);
  const [reach, pings] = await silences;
  const unstable = { ...gone, ...(await changes(host, containers)) };
  clock.lap('probes');
  const { databaseAway: away } = experiments;
  const stable = players.every(({ name }) => unstable[name] === undefined);
  if (entrance !== undefined && stable && away !== undefined && touchesDatabase(away)) {
    experiments.newAddresses = await moveEverything(host, plan, { inventory, roles, front: entrance }, away.before);
    clock.lap('new addresses');
  }
  return {
    engine: host.engine,
    deployment,
    host: atHost,
    networks,
    containers,
    roles,
    sandboxes,
    unstable,
    processes: processes.processes,
    history,
    names,
    reach,
    pings,
    outside,
    ...(databaseFacts === undefined ? {} : { database: databaseFacts }),
    experiments,
    timings: clock.laps,
  };
}

async function enterHost(host: LabHost): Promise<HostFacts> {
  const [sandbox, stack] = await Promise.all([
    host.ask('host', { ask: 'sandbox' }),
    host.ask('host', { ask: 'stack' }),
  ]);
  const { privateName } = host;
  return { sandbox: { ...sandbox, ...stack }, ...(privateName === undefined ? {} : { privateName }) };
}

async function enterSandboxes(
  host: LabHost,
  containers: ContainerFacts[],
): Promise<{ sandboxes: Record<string, SandboxFacts>; gone: Record<string, string> }> {
  const sandboxes: Record<string, SandboxFacts> = {};
  const gone: Record<string, string> = {};
  await Promise.all(
    containers.filter(isAlive).map(async (container) => {
      const facts = await enterSandbox(host, container);
      if (facts !== undefined) sandboxes[container.name] = facts;
      else gone[container.name] = (await changeOf(host, container)) ?? 'it was started again';
    }),
  );
  return { sandboxes, gone };
}

function namesToAsk(plan: SurveyPlan, found: Record<string, RoleFinding>, { privateName }: HostFacts): string[] {
  const names = plan.roles.flatMap(({ name }) => [name, calledName(name, found[name])]);
  return [...new Set([...names, ...(privateName === undefined ? [] : [privateName.name])])];
}

/** Containers that are no longer the processes that were probed: what was seen of them proves nothing. */
async function changes(host: LabHost, containers: ContainerFacts[]): Promise<Record<string, string>> {
  const seen = await Promise.all(
    containers.filter(isAlive).map(async (each) => [each.name, await changeOf(host, each)] as const),
  );
  return Object.fromEntries(seen.filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function stopwatch(): { lap(name: string): void; laps: Record<string, number> } {
  const laps: Record<string, number> = {};
  let last = performance.now();
  return {
    laps,
    lap: (name) => {
      laps[name] = Math.round(performance.now() - last);
      last = performance.now();
    },
  };
}
