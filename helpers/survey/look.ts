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
import { findRoles } from './roles.ts';
import { changeOf, enterSandbox } from './sandboxes.ts';
import { inspectStage } from './stage.ts';
import { isAlive } from './subjects.ts';

/** The sections of a survey that a look fills. */
const LOOKED_AT = [
  'host',
  'networks',
  'containers',
  'roles',
  'sandboxes',
  'unstable',
  'processes',
  'history',
] as const satisfies (keyof Survey)[];

/** `unstable` has the containers that were gone before their sandbox could be read. */
export type Look = Pick<Survey, (typeof LOOKED_AT)[number]>;

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
  const find = (containers: ContainerFacts[]): Survey['roles'] => findRoles(containers, plan.roles, named);
  const { containers, networks } = await (atOnce ? inspectStage(host, find) : waitUntilReady(host, plan, find));
  ready?.();
  const [{ sandboxes, gone }, atHost, { processes }, history] = await Promise.all([
    enterSandboxes(host, containers),
    enterHost(host),
    host.ask('host', { ask: 'processes' }),
    surveyHistory(host.docker),
  ]);
  return { host: atHost, networks, containers, roles: find(containers), sandboxes, unstable: gone, processes, history };
}

/**
 * Makes a survey of a look. Nothing has been tried yet.
 *
 * @returns the survey, and the names of the sections that are complete. Verdicts based on other sections mean nothing.
 */
export function surveySoFar(
  host: LabHost,
  deployment: DeploymentFacts,
  look: Look,
): { survey: Survey; sections: Set<string> } {
  const { undisturbed: withheld, engine, outside } = host;
  const survey: Survey = {
    engine,
    deployment,
    ...look,
    names: [],
    reach: [],
    pings: [],
    outside: { from: outside.from, canary: 'no-answer', wasOpen: outside.wasOpen, ports: [], unpublished: [] },
    databases: [],
    experiments: { backendAway: [], ...(withheld === undefined ? {} : { withheld }) },
    timings: {},
  };
  const known = ['engine', 'deployment', ...LOOKED_AT, ...(withheld === undefined ? [] : ['experiments'])];
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
