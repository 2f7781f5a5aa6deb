/**
 * The part of a survey that waits for no answers: containers, networks, sandboxes, processes and the engine's history.
 * It is the first part of every survey. Self-test also uses it alone, to show what can be seen at once.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, HostFacts, SandboxFacts, Survey } from './facts.ts';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import { surveyHistory } from './history.ts';
import type { SurveyPlan } from '../lab/survey-plan.ts';
import { waitUntilReady } from './ready.ts';
import { isStubOnly, UPSTREAM_RESOLV_CONF } from './resolv-conf.ts';
import { firewallFacts } from './firewall/firewall.ts';
import { containersIn, findRoles } from './roles.ts';
import { changeOf, enterSandbox } from './sandboxes.ts';
import type { Inventory } from './inspect.ts';
import { inspectStage } from './stage.ts';
import { startAgain, tooEarly } from './start-again.ts';
import { reasonOf } from '../base/failure.ts';
import { isAlive } from './subjects.ts';
import { until } from '../base/wait.ts';

/** For so long (milliseconds) a sandbox that cannot be read is looked into again. */
const LOOK_AGAIN_MS = 6_000;

/** The sections of a survey that a look fills. */
const LOOKED_AT = [
  'host',
  'networks',
  'containers',
  'roles',
  'sandboxes',
  'firewall',
  'unstable',
  'processes',
  'history',
] as const satisfies (keyof Survey)[];

/** `unstable` has the containers that were gone before their sandbox could be read. */
export type Look = Pick<Survey, (typeof LOOKED_AT)[number] | 'startedAgain'>;

/** The sections that are tried one beside the other after a look. */
const TRIED = ['names', 'reach', 'pings', 'outside', 'databases'] as const satisfies (keyof Survey)[];

export type Tried = Pick<Survey, (typeof TRIED)[number]>;

export function isAllTried(tried: Partial<Tried>): tried is Tried {
  return TRIED.every((section) => section in tried);
}

export interface LookOptions {
  /** Look at once, without waiting until the submission is ready. */
  atOnce?: boolean;
  /** Called when the submission is at rest, before its sandboxes are read. */
  ready?: () => void;
}

/** @param named The `roles:` of submission.yaml. */
export async function lookAround(
  host: LabHost,
  plan: SurveyPlan,
  named: Record<string, string>,
  { atOnce = false, ready }: LookOptions = {},
): Promise<Look> {
  const missesOne = await wasDeniedOne(host);
  const find = (containers: ContainerFacts[]): Survey['roles'] => findRoles(containers, plan, named, missesOne);
  const arrive = (): Promise<Inventory> => (atOnce ? inspectStage(host, find) : waitUntilReady(host, plan, find));
  const first = await arrive();
  // What runs on a machine in use was not started by us.
  const startedAgain = atOnce || host.engine.host !== 'disposable' ? [] : tooEarly(first.containers);
  await startAgain(host, startedAgain, first.containers);
  const { containers, networks } = startedAgain.length > 0 ? await arrive() : first;
  ready?.();
  const roles = find(containers);
  const [rules, { sandboxes, gone }, atHost, { processes }, history] = await Promise.all([
    host.engine.host === 'disposable' ? host.ask('host', { ask: 'firewall' }) : undefined,
    enterSandboxes(host, containers, roles),
    enterHost(host),
    host.ask('host', { ask: 'processes' }),
    surveyHistory(host.docker),
  ]);
  return {
    host: atHost,
    networks,
    containers,
    roles,
    sandboxes,
    ...(rules && { firewall: firewallFacts(rules, { containers, networks, sandboxes }) }),
    ...(startedAgain.length > 0 && { startedAgain }),
    unstable: gone,
    processes,
    history,
  };
}

/** Whether the lab host's policy has denied the submission a container. */
async function wasDeniedOne({ policy }: LabHost): Promise<boolean> {
  const { denied } = (await policy?.facts()) ?? { denied: [] };
  return denied.some(({ request }) => request.includes('/containers/create'));
}

/**
 * Makes a survey of a look, and of what has been tried since.
 *
 * @param tried The sections that are complete; none right after the look.
 * @returns the survey, and the names of all sections that are complete. A verdict that is based on these alone is the
 *   verdict on the whole survey; others mean nothing.
 */
export function surveySoFar(
  host: LabHost,
  deployment: DeploymentFacts,
  look: Look,
  tried: Partial<Tried> = {},
): { survey: Survey; sections: Set<string> } {
  const { undisturbed: withheld, engine, outside, bounded, policy } = host;
  const survey: Survey = {
    engine,
    deployment,
    ...look,
    names: [],
    reach: [],
    pings: [],
    outside: { from: outside.from, canary: 'no-answer', wasOpen: outside.wasOpen, ports: [], unpublished: [] },
    databases: [],
    ...tried,
    experiments: { backendAway: [], ...(withheld === undefined ? {} : { withheld }) },
    timings: {},
  };
  const known = ['engine', 'deployment', ...LOOKED_AT, ...Object.keys(tried)];
  // What a host does not have cannot be found on it later.
  if (withheld !== undefined) known.push('experiments');
  if (bounded === undefined) known.push('usedUp');
  if (policy === undefined) known.push('policy');
  return { survey, sections: new Set(known) };
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

/**
 * Reads the sandboxes of all containers that run.
 *
 * @returns the sandboxes, and why others have none: the container is gone, or it has no role and cannot be looked into.
 * @throws when a role cannot be looked into. Nobody may lose points for what could be the machine's fault.
 */
export async function enterSandboxes(
  host: LabHost,
  containers: ContainerFacts[],
  roles: Survey['roles'],
): Promise<{ sandboxes: Record<string, SandboxFacts>; gone: Record<string, string> }> {
  const playing = Object.values(roles).flatMap(containersIn);
  const sandboxes: Record<string, SandboxFacts> = {};
  const gone: Record<string, string> = {};
  await Promise.all(
    containers.filter(isAlive).map(async (container) => {
      const { facts, failed } = await lookInto(host, container);
      if (failed !== undefined) {
        if (playing.includes(container.name)) throw failed;
        await host.ask('host', { ask: 'stack' }); // if the lab host's own cannot be read either, it is not the container's fault
        gone[container.name] = `its sandbox could not be read (${reasonOf(failed)})`;
      } else if (facts !== undefined) sandboxes[container.name] = facts;
      else gone[container.name] = (await changeOf(host, container)) ?? 'it was started again';
    }),
  );
  return { sandboxes, gone };
}

/** Looks into a sandbox until it can be read, because on a busy machine a look may fail. @returns the last failure if all fail. */
async function lookInto(
  host: LabHost,
  container: ContainerFacts,
): Promise<{ facts?: SandboxFacts | undefined; failed?: Error | undefined }> {
  let failed: Error | undefined;
  const looked = await until(LOOK_AGAIN_MS, async () => {
    try {
      return { facts: await enterSandbox(host, container) };
    } catch (error) {
      failed = error instanceof Error ? error : new Error(String(error));
      return undefined;
    }
  });
  return looked ?? { failed };
}
