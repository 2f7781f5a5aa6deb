/**
 * Waits until a deployed stack is at rest: every role serves or has given up, the front answers or will not, and other
 * containers have had time to begin to listen.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { frontAnswers } from './front-answers.ts';
import { until } from '../base/wait.ts';
import type { ContainerFacts, RoleFinding } from './facts.ts';
import type { Inventory } from './inspect.ts';
import { containersIn } from './roles.ts';
import { inspectStage } from './stage.ts';
import { isAlive, usesHostSandbox } from './subjects.ts';
import type { SurveyPlan } from '../lab/survey-plan.ts';
import { listenersOf, ownListenersOf } from './sandboxes.ts';

/** The longest wait for something that runs but does not listen yet, e.g. a slow database. */
const STARTING_MS = 45_000;
/** How long to wait for a good answer of the front when everything serves, e.g. while its driver reconnects. */
const AT_REST_MS = 5_000;
/** How long to wait for containers without a role. They may never listen; but if they do, a rule may forbid it. */
const OTHERS_MS = 3_000;
/** A container that has crashed this often since everything else serves is given up. */
const CRASHES = 3;

type Phase = 'serves' | 'starting' | 'crashing' | 'over';

/** @returns the inventory of the stack at rest. */
export async function waitUntilReady(
  host: LabHost,
  plan: SurveyPlan,
  find: (containers: ContainerFacts[]) => Record<string, RoleFinding>,
): Promise<Inventory> {
  const begun = performance.now();
  const silent = plan.roles.filter(({ serves }) => !serves).map(({ name }) => name);
  const answersWell = frontAnswers(host);
  let restSince: { at: number; state: string } | undefined;
  let crashesAtRest: Record<string, number> | undefined;
  let last: Inventory = { containers: [], networks: [] };
  const look = async (): Promise<Inventory | undefined> => {
    last = await inspectStage(host, find);
    const roles = find(last.containers);
    const containers = containersOf(Object.values(roles), last.containers);
    const quiet = containersOf(
      silent.map((role) => roles[role]),
      last.containers,
    );
    const phaseNow = (container: ContainerFacts): Promise<Phase> =>
      phaseOf(host, container, { quiet: quiet.includes(container), alone: isAlone(container, last.containers) });
    const phases = await Promise.all(containers.map(phaseNow));
    const crashing = containers.filter((_, i) => phases[i] === 'crashing');
    if (phases.includes('starting')) {
      restSince = crashesAtRest = undefined;
      return undefined;
    }
    const others =
      performance.now() - begun > OTHERS_MS ? [] : last.containers.filter((each) => !containers.includes(each));
    if ((await Promise.all(others.map(phaseNow))).includes('starting')) return undefined;
    // Count crashes only from now on: before, the container may have waited for another one.
    crashesAtRest ??= Object.fromEntries(containers.map(({ name, state }) => [name, state.restartCount]));
    const baseline = crashesAtRest;
    const hopeful = crashing.some(({ name, state }) => state.restartCount - (baseline[name] ?? 0) < CRASHES);
    if (hopeful) return undefined;
    const fronts = (plan.application?.requests ?? []).flatMap(({ front, path }) =>
      containersOf([roles[front]], last.containers)
        .filter(isAlive)
        .map((container) => ({ container, path })),
    );
    if (crashing.length === 0) {
      const answers = await Promise.all(fronts.map(({ container, path }) => answersWell(container, path)));
      if (answers.every(Boolean)) return last;
    }
    // Where a part is away for good, there is no better answer to wait for.
    const isWhole = plan.roles.every(({ name }) => containersOf([roles[name]], last.containers).some(isAlive));
    if (crashing.length > 0 || !isWhole) return last;
    const state = JSON.stringify(containers.map((each) => [each.id, each.state.startedAt]));
    if (restSince?.state !== state) restSince = { at: performance.now(), state };
    return performance.now() - restSince.at > AT_REST_MS ? last : undefined;
  };
  return (await until(STARTING_MS, look)) ?? last;
}

function containersOf(roles: (RoleFinding | undefined)[], containers: ContainerFacts[]): ContainerFacts[] {
  return containers.filter(({ name }) => roles.some((role) => containersIn(role).includes(name)));
}

/** Whether no other container can listen in its sandbox. */
function isAlone(container: ContainerFacts, containers: ContainerFacts[]): boolean {
  const sharing = containers.filter(({ sandboxOf }) => sandboxOf === container.sandboxOf);
  return sharing.length === 1 && !usesHostSandbox(container);
}

async function phaseOf(
  host: LabHost,
  container: ContainerFacts,
  { quiet, alone }: { quiet: boolean; alone: boolean },
): Promise<Phase> {
  if (container.state.restarting) return 'crashing';
  if (!isAlive(container)) return 'over';
  if (quiet) return container.state.restartCount > 0 ? 'crashing' : 'serves';
  const listeners = await (alone ? listenersOf(host, container) : ownListenersOf(host, container));
  if (listeners === undefined) return 'starting';
  return listeners.length > 0 ? 'serves' : container.state.restartCount > 0 ? 'crashing' : 'starting';
}
