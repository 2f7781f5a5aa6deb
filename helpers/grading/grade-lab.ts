/** Grades one lab of one student: deploy, survey, judge. Whatever is not the student's fault ends as an `error`. */
import { deploy } from '../deploy/deploy.ts';
import { downloadFailure } from '../deploy/download-failure.ts';
import { InfrastructureError, reasonOf } from '../failure.ts';
import type { EngineFacts, LabHost } from '../lab-host/lab-host.ts';
import type { Link } from '../lab-host/link.ts';
import { failedLab, gradedLab, ungradedLab, type LabRecord } from '../report/record.ts';
import { deployOnTwo } from '../deploy/two-machines.ts';
import { deploymentOf, type Deployment } from '../submission/deployment.ts';
import { surveyAnswers } from '../survey/answers.ts';
import { survey } from '../survey/survey.ts';
import { surveyTwoMachines } from '../survey/second-machine.ts';
import type { Survey } from '../survey/facts.ts';
import { containerOf } from '../survey/roles.ts';
import { isAlive } from '../survey/subjects.ts';
import type { Judge } from './judge.ts';
import type { GradableLab } from './catalogue.ts';
import type { LabHostSupply } from './lab-host-supply.ts';

/** Beyond its deployment's own time limit, a lab may take this long to be surveyed. */
const SURVEY_MS = 300_000;

export interface LabGrader {
  hosts: LabHostSupply;
  judge: Judge;
}

export interface Graded {
  record: LabRecord;
  engine?: EngineFacts;
}

/** @param folder The lab's folder, if it was handed in. */
export async function gradeLab(grader: LabGrader, lab: GradableLab, folder: string | undefined): Promise<Graded> {
  if (folder === undefined) return { record: ungradedLab(lab, 'missing', `${lab.name} was not handed in`) };
  const deployment = await deploymentOf(folder, lab.machines);
  if (deployment.how === 'none') return { record: ungradedLab(lab, 'invalid', deployment.reason) };
  if (deployment.how === 'live') {
    return {
      record: ungradedLab(
        lab,
        'invalid',
        'submission.yaml says "deploy: live", but on a fresh machine nothing runs that could be looked at',
      ),
    };
  }
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  const hosts: LabHost[] = [];
  const release = (): void => {
    for (const host of hosts.splice(0)) grader.hosts.release(host);
  };
  let engine: EngineFacts | undefined;
  try {
    while (hosts.length < (lab.machines ?? 1)) hosts.push(await grader.hosts.take());
    engine = hosts[0]?.engine;
    const booted = elapsed();
    const seen = await withDeadline(examine(hosts, lab, deployment, folder), deployment.timeoutMs + SURVEY_MS);
    release();
    const surveyed = elapsed();
    const verdicts = await grader.judge.judge(lab, seen);
    const timings = { boot: booted, ...seen.timings, judge: elapsed() - surveyed };
    return { record: gradedLab(lab, verdicts, { ...seen, timings }, elapsed()), ...(engine && { engine }) };
  } catch (error) {
    return { record: failedLab(lab, reasonOf(error), elapsed()), ...(engine && { engine }) };
  } finally {
    release();
  }
}

async function examine(hosts: LabHost[], lab: GradableLab, deployment: Deployment, folder: string): Promise<Survey> {
  const [host, second] = hosts;
  if (host === undefined) throw new Error('a lab needs a machine');
  const seen = await (second === undefined
    ? examineOne(host, lab, deployment, folder)
    : examineTwo([host, second], lab, deployment, folder));
  const notDownloaded = [seen, seen.secondMachine]
    .map((each) => downloadFailure(each?.deployment.output ?? ''))
    .find(Boolean);
  if (notDownloaded !== undefined && !everyRoleRuns(seen)) {
    throw new InfrastructureError(`something the submission needs could not be downloaded: ${notDownloaded}`);
  }
  return seen;
}

async function examineOne(host: LabHost, lab: GradableLab, deployment: Deployment, folder: string): Promise<Survey> {
  const started = performance.now();
  const facts = await deploy(host, deployment, folder, lab.name);
  const copy = Math.round(performance.now() - started) - facts.ms;
  const seen = await survey(host, lab.survey, facts, deployment.roles);
  const { answers: file } = lab.survey;
  const answers =
    file === undefined ? {} : { answers: await surveyAnswers(host, { lab: lab.name, folder, deployment, file }) };
  return { ...seen, ...answers, timings: { copy, deploy: facts.ms, ...seen.timings } };
}

async function examineTwo(
  hosts: [LabHost, LabHost],
  lab: GradableLab,
  deployment: Deployment,
  folder: string,
): Promise<Survey> {
  const started = performance.now();
  await using link = await linked(hosts);
  const facts = await deployOnTwo(hosts, link.addresses, deployment, folder, lab.name);
  const deployed = Math.round(performance.now() - started);
  const seen = await surveyTwoMachines(hosts, lab.survey, facts, deployment.roles);
  return { ...seen, timings: { deploy: deployed, ...seen.timings } };
}

async function linked([first, second]: [LabHost, LabHost]): Promise<Link> {
  const link = await first.link?.(second);
  if (link === undefined) throw new InfrastructureError('this lab needs two machines of ours: use --host disposable');
  return link;
}

function everyRoleRuns(seen: Survey): boolean {
  const machines = [seen, seen.secondMachine].filter((each) => each !== undefined);
  const runsOn = ({ roles, containers }: Survey, role: string): boolean => {
    const container = containerOf(roles[role], containers);
    return container !== undefined && isAlive(container);
  };
  return Object.keys(seen.roles).every((role) => machines.some((machine) => runsOn(machine, role)));
}

async function withDeadline<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new InfrastructureError(`grading did not end in ${Math.round(ms / 1000)} s`));
    }, ms);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
