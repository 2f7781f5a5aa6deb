/**
 * Second stage: observes a deployed submission. What it returns is all that the judge will see. If the submission does not run
 * because of the machine or the network, there is nothing to judge, and this throws.
 */
import path from 'node:path';
import { InfrastructureError } from '../base/failure.ts';
import { folderOnHost } from '../deploy/deploy.ts';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import type { Provided } from '../machine/lab-host/image-shelf.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Submission } from '../submission/submission.ts';
import { answersHandedIn, answersSection } from '../survey/answers.ts';
import { deployPhases } from '../survey/deploy-phases.ts';
import type { Survey } from '../survey/facts.ts';
import { NOTHING } from '../survey/nothing.ts';
import { surveyTwoMachines } from '../survey/second-machine.ts';
import type { Timings } from '../survey/stopwatch.ts';
import { survey } from '../survey/survey.ts';
import type { Deployed } from './deploy-stage.ts';
import { unknownImages } from './downloads.ts';
import { inTheWay } from './in-the-way.ts';
import type { LabTask } from './lab-task.ts';

/**
 * @param provided The images that could not be brought to the lab hosts.
 * @throws {InfrastructureError} when it does not run for a reason that is not its author's fault (in-the-way.ts).
 */
export async function surveyStage(deployed: Deployed, task: LabTask, provided: Provided): Promise<Survey> {
  const [first] = deployed.machines;
  if (first === undefined) return surveyAnswers(task);
  const hosts = deployed.machines.map(({ host }) => host);
  const observe = hosts.length === 1 ? surveyOne : surveyBoth;
  const seen = await observe(deployed, task);
  const handed = { plan: task.lab.survey, files: task.submission?.texts ?? [], provided };
  const obstacle = await inTheWay(hosts, seen, handed);
  if (obstacle !== undefined) throw new InfrastructureError(obstacle);
  const noSuchImages = await unknownImages(first.host, provided);
  return { ...seen, deployment: { ...seen.deployment, ...(noSuchImages.length > 0 && { noSuchImages }) } };
}

/** The survey of a lab for which nothing is deployed. */
function surveyAnswers({ lab, submission }: LabTask): Survey {
  if (submission === undefined) throw new Error('answers have to be handed in');
  return { ...NOTHING, answers: answersHandedIn(submission, lab) };
}

async function surveyOne({ machines, timings }: Deployed, { lab, submission, deployment }: LabTask): Promise<Survey> {
  const { host, facts } = machines[0]!;
  const [found, phases] = await Promise.all([survey(host, lab.survey, facts, deployment.roles), phasesOn(host, facts)]);
  const seen = submission === undefined ? found : withAbsent(found, submission, folderOnHost(host, lab.name));
  const answers = await answersSection(host, lab, { submission, deployment });
  return { ...seen, ...answers, ...(await askedOf(host)), timings: { ...timings, ...phases, ...seen.timings } };
}

async function surveyBoth({ machines, timings }: Deployed, { lab, deployment }: LabTask): Promise<Survey> {
  const [one, two] = [machines[0]!, machines[1]!];
  const seen = await surveyTwoMachines([one.host, two.host], lab.survey, [one.facts, two.facts], deployment.roles);
  const [first, second] = await Promise.all([askedOf(one.host), askedOf(two.host)]);
  const secondMachine = seen.secondMachine && { secondMachine: { ...seen.secondMachine, ...second } };
  return { ...seen, ...first, ...secondMachine, timings: { ...timings, ...seen.timings } };
}

/** Notes which paths in the submission's folder are mounted and were not handed in. @param folder The folder on the lab host. */
function withAbsent(seen: Survey, { entries }: Submission, folder: string): Survey {
  const handedIn = new Set(['.', ...entries.map(({ name }) => name)]);
  const mounted = seen.containers.flatMap(({ binds = [] }) => binds.map(({ source }) => source));
  const notHandedIn = [...new Set(mounted)]
    .map((source) => ({ source, path: path.posix.relative(folder, source) || '.' }))
    .filter((each) => !each.path.startsWith('..') && !handedIn.has(each.path));
  return notHandedIn.length === 0 ? seen : { ...seen, deployment: { ...seen.deployment, notHandedIn } };
}

/** How long the phases of the deployment took. If that cannot be found out, it is left out, and the lab is graded nevertheless. */
async function phasesOn({ stage, docker }: LabHost, facts: DeploymentFacts): Promise<Timings> {
  return stage === 'everything' ? deployPhases(docker, facts).catch(() => ({})) : {};
}

/** What the policy saw of the submission's requests to the engine. */
async function askedOf({ policy }: LabHost): Promise<Pick<Survey, 'policy'>> {
  return policy === undefined ? {} : { policy: await policy.facts() };
}
