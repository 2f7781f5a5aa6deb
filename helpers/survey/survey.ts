/** Surveys one deployed submission: waits until it is at rest, probes everything at once, then experiments. */
import type { LabHost } from '../lab-host/lab-host.ts';
import type {
  ContainerFacts,
  DeploymentFacts,
  HostFacts,
  OutsideFacts,
  RoleFinding,
  SandboxFacts,
  Survey,
} from './facts.ts';
import { backendAway, type Entrance } from './backend-away.ts';
import type { Experiments } from './experiment-facts.ts';
import { surveyDatabase } from './database.ts';
import { surveyHistory } from './history.ts';
import { surveyNames } from './names.ts';
import { moveEverything } from './new-addresses.ts';
import { surveyOutside } from './outside.ts';
import { surveyPings } from './pings.ts';
import type { SurveyPlan } from './plan.ts';
import { surveyReach } from './reach.ts';
import { waitUntilReady } from './ready.ts';
import { inspectStage } from './stage.ts';
import { isStubOnly, UPSTREAM_RESOLV_CONF } from './resolv-conf.ts';
import { calledName, containerOf, findRoles } from './roles.ts';
import { answersHttp, touchesBackend } from './samples.ts';
import { changeOf, enterSandbox } from './sandboxes.ts';
import { isAlive } from './subjects.ts';

export interface SurveyOptions {
  /** Containers on another machine, with those addresses only that can be meant from here. */
  elsewhere?: ContainerFacts[];
  /** Look at it as it stands at this moment, ready or not. */
  atOnce?: boolean;
}

export async function survey(
  host: LabHost,
  plan: SurveyPlan,
  deployment: DeploymentFacts,
  named: Record<string, string>,
  { elsewhere = [], atOnce = false }: SurveyOptions = {},
): Promise<Survey> {
  const clock = stopwatch();
  const find = (containers: ContainerFacts[]): Record<string, RoleFinding> => findRoles(containers, plan.roles, named);
  const inventory = await (atOnce ? inspectStage(host, find) : waitUntilReady(host, plan, find));
  clock.lap('ready');
  const { containers, networks } = inventory;
  const roles = find(containers);
  const aliveAs = (role: string): ContainerFacts | undefined => {
    const container = containerOf(roles[role], containers);
    return container !== undefined && isAlive(container) ? container : undefined;
  };
  const players = plan.roles.map(({ name }) => aliveAs(name)).filter((each) => each !== undefined);
  const [{ sandboxes, gone }, atHost] = await Promise.all([enterSandboxes(host, containers), enterHost(host)]);
  const sources = players.filter(({ name }) => sandboxes[name] !== undefined);
  const reachable = containers.filter(({ name }) => sandboxes[name] !== undefined);
  const { requests = [], databases: databasesWanted = [] } = plan.application ?? {};
  const [reach, pings, names, outside, processes, history, databases] = await Promise.all([
    surveyReach(host, sources, [...reachable, ...elsewhere], sandboxes),
    surveyPings(host, sources, [...reachable, ...elsewhere], networks),
    surveyNames(host, sources, sandboxes, atHost, namesToAsk(plan, roles, atHost)),
    surveyOutside(host, containers, networks, sandboxes, atHost.sandbox.listeners),
    host.ask('host', { ask: 'processes' }),
    surveyHistory(host.docker),
    Promise.all(
      databasesWanted.flatMap(({ role, port }) => {
        const database = sources.find((each) => each === aliveAs(role));
        const peers = sources.filter((each) => each !== database);
        return database === undefined ? [] : [surveyDatabase(host, database, port, peers, sandboxes[database.name]!)];
      }),
    ),
  ]);
  clock.lap('probes');
  // Not before every probe has ended: a frozen server's kernel accepts connections only until its queue is full, and
  // then a packet that arrived would look like one that did not.
  const { undisturbed } = host;
  const experiments: Experiments = { backendAway: [], ...(undisturbed === undefined ? {} : { withheld: undisturbed }) };
  const entrances = (undisturbed === undefined ? requests : []).flatMap((request) =>
    entranceOf(aliveAs(request.front), request.path, outside),
  );
  for (const { front, backends } of requests) {
    const entrance = entrances.find((each) => each.front === aliveAs(front)?.name);
    for (const backend of backends.map(aliveAs)) {
      if (entrance !== undefined && backend !== undefined)
        experiments.backendAway.push(await backendAway(host, entrance, backend));
    }
  }
  const unstable = { ...gone, ...(await changes(host, containers)) };
  clock.lap('backends away');
  const working = experiments.backendAway.length > 0 && experiments.backendAway.every(touchesBackend);
  const stable = players.every(({ name }) => unstable[name] === undefined);
  if (plan.application !== undefined && working && stable) {
    experiments.newAddresses = await moveEverything(host, plan.application, {
      inventory,
      roles,
      sandboxes,
      requests: entrances.flatMap((entrance) => {
        const before = experiments.backendAway.find(({ front }) => front === entrance.front)?.before;
        return before === undefined ? [] : [{ entrance, before }];
      }),
    });
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
    databases,
    experiments,
    timings: clock.laps,
  };
}

/** The published port of a front that answers HTTP. */
function entranceOf(front: ContainerFacts | undefined, path: string, outside: OutsideFacts): Entrance[] {
  if (front === undefined) return [];
  const port = outside.ports.find(
    (each) => [front.name, front.sandboxOf].includes(each.container) && answersHttp(each),
  );
  return port === undefined ? [] : [{ front: front.name, port, path }];
}

async function enterHost(host: LabHost): Promise<HostFacts> {
  const [sandbox, stack] = await Promise.all([
    host.ask('host', { ask: 'sandbox' }),
    host.ask('host', { ask: 'stack' }),
  ]);
  const { privateName } = host;
  const upstream = isStubOnly(sandbox.resolvConf)
    ? (await host.ask('host', { ask: 'text', path: UPSTREAM_RESOLV_CONF })).text
    : undefined;
  return {
    sandbox: { ...sandbox, ...stack },
    ...(upstream === undefined ? {} : { upstreamResolvConf: upstream }),
    ...(privateName === undefined ? {} : { privateName }),
  };
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
