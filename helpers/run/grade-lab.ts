/** Grades one lab of one student: deploy, survey, judge. Whatever is not the student's fault ends as an `error`. */
import { deploy, FOUND } from '../deploy/deploy.ts';
import { engineFault } from '../deploy/engine-fault.ts';
import { InfrastructureError, UsageError, reasonOf } from '../base/failure.ts';
import type { ImageShelf, Provided } from '../machine/lab-host/image-shelf.ts';
import type { EngineFacts, LabHost } from '../machine/lab-host/lab-host.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import type { Link } from '../machine/lab-host/disposable/link.ts';
import type { LabRecord } from '../report/record.ts';
import { failedLab, gradedLab, ungradedLab } from '../report/recording.ts';
import { deployOnTwo } from '../deploy/two-machines.ts';
import { deploymentOf, liveDeployment, type Deployment, type Undeployable } from '../submission/deployment.ts';
import { answersSection } from '../survey/answers.ts';
import { deployPhases } from '../survey/deploy-phases.ts';
import type { Timings } from '../survey/stopwatch.ts';
import { survey } from '../survey/survey.ts';
import { surveyTwoMachines } from '../survey/second-machine.ts';
import type { Survey } from '../survey/facts.ts';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import { fingerprintOf } from '../report/similarity/fingerprint.ts';
import type { Material } from '../report/similarity/material.ts';
import { inTime } from '../base/wait.ts';
import { provideImages, unknownImages, whatIsMissing } from './downloads.ts';
import { gradeAnswers } from './grade-answers.ts';
import { ofLastTry } from './retried.ts';
import type { Judge } from '../judge/judge.ts';
import type { GradableLab } from '../lab/catalogue.ts';

/** Beyond its deployment's own time limit, a lab may take this long to be surveyed. */
const SURVEY_MS = 300_000;

/** What grading on this machine takes. */
export interface Equipment {
  hosts: LabHostSupply;
  images: ImageShelf;
  judge: Judge;
  /** Nothing is deployed: what runs on the host is graded. */
  live: boolean;
  /** What in a submission is not its author's own. */
  material: Material;
  /** See SurveyOptions. */
  meanwhile?: (() => void) | undefined;
}

export interface Graded {
  record: LabRecord;
  engine?: EngineFacts;
}

export function notHandedIn(lab: GradableLab): Graded {
  return { record: ungradedLab(lab, 'missing', `${lab.name} was not handed in`) };
}

/** @param folder The lab's folder, if it was handed in. */
export async function gradeLab(grader: Equipment, lab: GradableLab, folder: string | undefined): Promise<Graded> {
  if (folder === undefined && (!grader.live || lab.machines === 0)) return notHandedIn(lab);
  // Right answers are everybody's: there is nothing in them to compare.
  if (folder !== undefined && lab.machines === 0) return { record: await gradeAnswers(grader.judge, lab, folder) };
  const graded = await gradeWork(grader, lab, folder);
  const started = performance.now();
  const fingerprint = await fingerprintOf(folder, graded.record.topology, await grader.material.of(lab));
  const { timings, ...record } = graded.record;
  const compared = timings && { timings: { ...timings, fingerprint: Math.round(performance.now() - started) } };
  return { ...graded, record: { ...record, ...compared, fingerprint } };
}

async function gradeWork(grader: Equipment, lab: GradableLab, folder: string | undefined): Promise<Graded> {
  const deployment = await howToDeploy(grader, lab, folder);
  if (deployment.how === 'none') return { record: ungradedLab(lab, 'invalid', deployment.reason) };
  const losses: string[] = [];
  for (;;) {
    const { lost, ...graded } = await tryOnce(grader, lab, deployment, folder);
    if (lost === undefined || losses.length + 1 >= grader.hosts.tries)
      return { ...graded, record: ofLastTry(graded.record, losses) };
    losses.push(lost);
  }
}

async function howToDeploy(
  { hosts, live }: Equipment,
  lab: GradableLab,
  folder: string | undefined,
): Promise<Deployment | Undeployable> {
  if (live || folder === undefined) return liveDeployment(folder);
  const deployment = await deploymentOf(folder, lab.machines);
  if (deployment.how !== 'live' || hosts.kind !== 'disposable') return deployment;
  return {
    how: 'none',
    reason: 'submission.yaml says "deploy: live", but on a fresh machine nothing runs that could be looked at',
  };
}

async function tryOnce(
  grader: Equipment,
  lab: GradableLab,
  deployment: Deployment,
  folder: string | undefined,
): Promise<Graded & { lost?: string }> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const hosts: LabHost[] = [];
  const release = (): void => {
    for (const host of hosts.splice(0)) grader.hosts.release(host);
  };
  const orGone = <T>(work: Promise<T>): Promise<T> => grader.hosts.orGone?.(work) ?? work;
  let engine: EngineFacts | undefined;
  try {
    while (hosts.length < (lab.machines ?? 1)) hosts.push(await grader.hosts.take(deployment.how === 'live'));
    engine = hosts[0]?.engine;
    const booted = elapsed();
    const provided = await orGone(provideImages(grader.images, hosts, deployment, folder));
    for (const { policy } of hosts) await policy?.begin(lab.policy ?? {});
    const supplied = elapsed();
    const limitMs = deployment.timeoutMs + SURVEY_MS;
    const late = `grading did not end in ${Math.round(limitMs / 1000)} s`;
    const meanwhile = (): void => {
      prepareTheEnd(grader, lab);
    };
    const examined = examine(hosts, lab, deployment, { folder, provided, meanwhile });
    const seen = await orGone(inTime(examined, limitMs, late));
    release();
    const surveyed = elapsed();
    const verdicts = await grader.judge.judge(lab, seen);
    const timings = { boot: booted, images: supplied - booted, ...seen.timings, judge: elapsed() - surveyed };
    return { record: gradedLab(lab, verdicts, { ...seen, timings }, elapsed()), ...(engine && { engine }) };
  } catch (error) {
    if (error instanceof UsageError) throw error; // the person at the keyboard has to mend it, for every lab
    const lost = hosts.map((host) => host.lost?.()).find((why) => why !== undefined);
    const record = failedLab(lab, lost ?? reasonOf(error), elapsed());
    return { record, ...(engine && { engine }), ...(lost !== undefined && { lost }) };
  } finally {
    release();
  }
}

/** What is slow the first time is done while probes wait for answers that do not come. */
function prepareTheEnd({ judge, material, meanwhile }: Equipment, lab: GradableLab): void {
  judge.getReady(lab);
  material.of(lab).catch(() => undefined); // whoever asks for it sees the error
  meanwhile?.();
}

interface Work {
  folder: string | undefined;
  provided: Provided;
  /** See SurveyOptions. */
  meanwhile: () => void;
}

async function examine(
  hosts: LabHost[],
  lab: GradableLab,
  deployment: Deployment,
  { folder, provided, meanwhile }: Work,
): Promise<Survey> {
  const [host, second] = hosts;
  if (host === undefined) throw new Error('a lab needs a machine');
  const seen = await (second === undefined
    ? examineOne(host, lab, deployment, { folder, meanwhile })
    : examineTwo([host, second], lab, deployment, { folder, meanwhile }));
  const outputs = [seen, seen.secondMachine].map((each) => each?.deployment.output ?? '').join('\n');
  const fault = await engineFault(outputs, host.docker);
  if (fault !== undefined) throw new InfrastructureError(fault);
  const missing = await whatIsMissing(hosts, seen, provided);
  if (missing === undefined) {
    const noSuchImages = await unknownImages(host, provided);
    return { ...seen, deployment: { ...seen.deployment, ...(noSuchImages.length > 0 && { noSuchImages }) } };
  }
  throw new InfrastructureError(`something the submission needs could not be downloaded: ${missing}`);
}

async function examineOne(
  host: LabHost,
  lab: GradableLab,
  deployment: Deployment,
  { folder, meanwhile }: Omit<Work, 'provided'>,
): Promise<Survey> {
  const started = performance.now();
  const { hostPorts = [] } = lab.survey;
  const facts =
    deployment.how === 'live' || folder === undefined
      ? FOUND
      : await deploy(host, deployment, folder, lab.name, { hostPorts });
  const copy = Math.round(performance.now() - started) - facts.ms;
  const [seen, phases] = await Promise.all([
    survey(host, lab.survey, facts, deployment.roles, { meanwhile }),
    phasesOn(host, facts),
  ]);
  const answers = await answersSection(host, lab, { folder, deployment });
  return {
    ...seen,
    ...answers,
    ...(await askedOf(host)),
    timings: { copy, deploy: facts.ms, ...phases, ...seen.timings },
  };
}

/** That they cannot be told is no reason to lose a lab. */
async function phasesOn({ stage, docker }: LabHost, facts: DeploymentFacts): Promise<Timings> {
  return stage === 'everything' ? deployPhases(docker, facts).catch(() => ({})) : {};
}

async function examineTwo(
  hosts: [LabHost, LabHost],
  lab: GradableLab,
  deployment: Deployment,
  { folder = '', meanwhile }: Omit<Work, 'provided'>,
): Promise<Survey> {
  const started = performance.now();
  await using link = await linked(hosts);
  const facts = await deployOnTwo(hosts, link.addresses, deployment, folder, lab.name);
  const deployed = Math.round(performance.now() - started);
  const seen = await surveyTwoMachines(hosts, lab.survey, facts, deployment.roles, { meanwhile });
  const [first, second] = await Promise.all(hosts.map(askedOf));
  const secondMachine = seen.secondMachine && { secondMachine: { ...seen.secondMachine, ...second } };
  return { ...seen, ...first, ...secondMachine, timings: { deploy: deployed, ...seen.timings } };
}

/** What the submission asked of a machine's engine. */
async function askedOf({ policy }: LabHost): Promise<Pick<Survey, 'policy'>> {
  return policy === undefined ? {} : { policy: await policy.facts() };
}

async function linked([first, second]: [LabHost, LabHost]): Promise<Link> {
  const link = await first.link?.(second);
  if (link === undefined) throw new InfrastructureError('this lab needs two machines of ours: use --host disposable');
  return link;
}
