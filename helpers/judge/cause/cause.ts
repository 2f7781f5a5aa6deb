/**
 * The cause: what a reader has to know first of a lab that was not brought up as it should be. It is found in the survey
 * alone, so a survey that is judged again has it, too. Everything quoted in it is a student's text.
 */
import { cut, oneLine } from '../../base/inert.ts';
import type { DeploymentFacts } from '../../deploy/deployment-facts.ts';
import type { Survey } from '../../survey/facts.ts';
import { composeCause } from './compose.ts';
import { containerCause, rolesCause } from './containers.ts';
import { lastOf, linesOf, withoutFolder } from './printed.ts';
import { brokeOff, failedOnTheWay, lastFailure, takenDown } from './script.ts';
import { rootOf, troublesOn, type Trouble } from './troubles.ts';

export interface Cause {
  /** One sentence, which names the root. */
  says: string;
  /** Where it was seen: a command that a student can type, or what was looked at. */
  what?: string;
  /** What was seen there. */
  output?: string;
}

/** Characters. */
const LONGEST = { says: 700, what: 400, output: 4000 };

/** @returns undefined where the deployment ended well, and every role's container runs. */
export function causeOf(survey: Survey): Cause | undefined {
  const machines = [survey, survey.secondMachine].filter((each) => each !== undefined);
  const troubles = troublesOn(machines);
  const inTurn = [ofFailedDeployment, ofTroubledScript].flatMap((find) =>
    machines.map((machine, i) => () => onMachine(find(machine, troubles), machines.length > 1 ? i + 1 : undefined)),
  );
  for (const find of [...inTurn, () => ofContainers(machines, troubles), () => ofExitCodes(machines)]) {
    const cause = find();
    if (cause !== undefined) return bounded(cause, survey.deployment.directory);
  }
  return undefined;
}

/** Why a deployment ended before its end. */
function ofFailedDeployment({ deployment }: Survey, troubles: Trouble[]): Cause | undefined {
  if (deployment.how === 'live' || deployment.exitCode === 0) return undefined;
  if (troubles.length > 0 && deployment.noSuchImages?.[0] !== undefined) return noSuchImage(deployment);
  if (deployment.how === 'script') return brokeOff(deployment, troubles);
  return composeCause(linesOf(deployment.output), troubles, deployment);
}

/** What went wrong in a script that went on to its end. */
function ofTroubledScript({ deployment, history, containers, engine }: Survey, troubles: Trouble[]): Cause | undefined {
  if (deployment.how !== 'script' || troubles.length === 0) return undefined;
  const there = new Set(containers.map(({ id }) => id));
  // On a machine in use, the engine's history has containers of others, too.
  const gone = engine.host === 'disposable' && history.some(({ action, container }) => action === 'start' && !there.has(container)); // prettier-ignore
  const found = takenDown(deployment, troubles, gone);
  if (found !== undefined) return found;
  if (deployment.noSuchImages?.[0] !== undefined) return noSuchImage(deployment);
  return failedOnTheWay(deployment, troubles);
}

function noSuchImage(deployment: DeploymentFacts): Cause {
  const { noSuchImages: [image = ''] = [], directory, command, output } = deployment;
  return { says: `no registry has an image called ${image}`, what: `cd ${directory} && ${command}`, output };
}

function ofContainers(machines: Survey[], troubles: Trouble[]): Cause | undefined {
  const root = rootOf(troubles);
  if (root?.container === undefined) return rolesCause(machines, troubles);
  return containerCause(root, troubles);
}

/** A deployment that failed although everything runs. */
function ofExitCodes(machines: Survey[]): Cause | undefined {
  const found = machines
    .map(({ deployment }) => deployment)
    .filter(({ how, exitCode }) => how !== 'live' && exitCode !== 0);
  return found[0] && lastFailure(found[0]);
}

function onMachine(cause: Cause | undefined, machine: number | undefined): Cause | undefined {
  return cause && (machine === undefined ? cause : { ...cause, says: `on machine ${machine}, ${cause.says}` });
}

function bounded({ says, what, output }: Cause, directory: string): Cause {
  return {
    says: cut(oneLine(withoutFolder(cut(says, 4 * LONGEST.says), directory)), LONGEST.says),
    ...(what !== undefined && { what: cut(what, LONGEST.what) }),
    ...(output !== undefined && output.trim() !== '' && { output: lastOf(linesOf(output), LONGEST.output) }),
  };
}
