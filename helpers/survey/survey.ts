/** Surveys one deployed submission: waits until it is at rest, probes everything at once, then experiments. */
import type { LabHost } from '../lab-host/lab-host.ts';
import type {
  ContainerFacts,
  DeploymentFacts,
  NewAddresses,
  OutsidePort,
  RoleFinding,
  Sample,
  SandboxFacts,
  Survey,
} from './facts.ts';
import { databaseAway } from './database-away.ts';
import { surveyDatabase } from './database.ts';
import type { Inventory } from './inspect.ts';
import { newAddresses } from './new-addresses.ts';
import { surveyNames } from './names.ts';
import { surveyOutside } from './outside.ts';
import { surveyReach } from './reach.ts';
import { waitUntilReady } from './ready.ts';
import type { SurveyPlan } from './plan.ts';
import { findRoles } from './roles.ts';
import { answersHttp, touchesDatabase } from './samples.ts';
import { changeOf, readSandbox } from './sandboxes.ts';
import { isAlive } from './subjects.ts';

export async function survey(
  host: LabHost,
  plan: SurveyPlan,
  deployment: DeploymentFacts,
  named: Record<string, string>,
): Promise<Survey> {
  const clock = stopwatch();
  const find = (containers: ContainerFacts[]): Record<string, RoleFinding> => findRoles(containers, plan.roles, named);
  const inventory = await waitUntilReady(host, { find, front: plan.front });
  clock.lap('ready');
  const { containers, networks } = inventory;
  const roles = find(containers);
  const byRole = (role: string): ContainerFacts | undefined => {
    const finding = roles[role];
    const container = finding?.found === 'one' ? containers.find(({ name }) => name === finding.container) : undefined;
    return container !== undefined && isAlive(container) ? container : undefined;
  };
  const sources = plan.roles.map(({ name }) => byRole(name)).filter((each) => each !== undefined);
  const { sandboxes, gone } = await enterSandboxes(host, containers);
  const there = sources.filter(({ name }) => sandboxes[name] !== undefined);
  const database = byRole(plan.database);
  const databaseSandbox = database === undefined ? undefined : sandboxes[database.name];
  // Connections that get no answer take longest. The database is taken away meanwhile: a frozen server's kernel
  // still accepts connections, so nobody's reach changes.
  const reaching = surveyReach(host, there, containers, sandboxes);
  reaching.catch(() => undefined); // awaited below, unless something else fails first
  const [names, outside, databaseFacts] = await Promise.all([
    surveyNames(
      host,
      there,
      plan.roles.map(({ name }) => name),
    ),
    surveyOutside(host, containers, networks, sandboxes),
    database && databaseSandbox
      ? surveyDatabase(
          host,
          database,
          there.filter((peer) => peer !== database),
          databaseSandbox,
        )
      : undefined,
  ]);
  const experiments: Survey['experiments'] = {};
  const front = outside.ports.find((port) => isFrontOf(byRole(plan.front), port.container) && answersHttp(port));
  if (front !== undefined && database !== undefined)
    experiments.databaseAway = await databaseAway(host, front, database);
  const reach = await reaching;
  const unstable = { ...gone, ...(await changes(host, containers)) };
  clock.lap('probes');
  const stable = sources.every(({ name }) => unstable[name] === undefined);
  if (
    front !== undefined &&
    stable &&
    experiments.databaseAway !== undefined &&
    touchesDatabase(experiments.databaseAway)
  ) {
    const before = experiments.databaseAway.before;
    experiments.newAddresses = await moveEverything(host, plan, { inventory, roles, front, before });
    clock.lap('new addresses');
  }
  return {
    engine: host.engine,
    deployment,
    networks,
    containers,
    roles,
    sandboxes,
    unstable,
    names,
    reach,
    outside,
    ...(databaseFacts === undefined ? {} : { database: databaseFacts }),
    experiments,
    timings: clock.laps,
  };
}

async function moveEverything(
  host: LabHost,
  plan: SurveyPlan,
  found: { inventory: Inventory; roles: Record<string, RoleFinding>; front: OutsidePort; before: Sample[] },
): Promise<NewAddresses> {
  const nameOf = (role: string): string => {
    const finding = found.roles[role];
    return finding?.found === 'one' ? finding.container : '';
  };
  const others = plan.roles.map(({ name }) => name).filter((role) => role !== plan.database && role !== plan.front);
  const order = [plan.database, ...others, plan.front].map(nameOf);
  return newAddresses(host, found.front, { ...found.inventory, order, database: nameOf(plan.database) }, found.before);
}

function isFrontOf(front: ContainerFacts | undefined, container: string): boolean {
  return front !== undefined && (front.name === container || front.sandboxOf === container);
}

async function enterSandboxes(
  host: LabHost,
  containers: ContainerFacts[],
): Promise<{ sandboxes: Record<string, SandboxFacts>; gone: Record<string, string> }> {
  const sandboxes: Record<string, SandboxFacts> = {};
  const gone: Record<string, string> = {};
  await Promise.all(
    containers.filter(isAlive).map(async (container) => {
      const facts = await readSandbox(host, container);
      if (facts !== undefined) sandboxes[container.name] = facts;
      else gone[container.name] = (await changeOf(host, container)) ?? 'it was started again';
    }),
  );
  return { sandboxes, gone };
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
