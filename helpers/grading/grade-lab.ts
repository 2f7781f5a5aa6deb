/** Grades one lab of one student: deploy, survey, judge. Whatever is not the student's fault ends as an `error`. */
import { deploy } from '../deploy/deploy.ts';
import { downloadFailure } from '../deploy/download-failure.ts';
import { InfrastructureError, reasonOf } from '../failure.ts';
import type { EngineFacts, LabHost } from '../lab-host/lab-host.ts';
import { failedLab, gradedLab, ungradedLab, type LabRecord } from '../report/record.ts';
import { deploymentOf, type Deployment } from '../submission/deployment.ts';
import { survey } from '../survey/survey.ts';
import type { Survey } from '../survey/facts.ts';
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
  const deployment = await deploymentOf(folder);
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
  let host: LabHost | undefined;
  try {
    host = await grader.hosts.take();
    const booted = elapsed();
    const seen = await withDeadline(examine(host, lab, deployment, folder), deployment.timeoutMs + SURVEY_MS);
    grader.hosts.release(host);
    const { engine } = host;
    host = undefined;
    const surveyed = elapsed();
    const verdicts = await grader.judge.judge(lab, seen);
    const timings = { boot: booted, ...seen.timings, judge: elapsed() - surveyed };
    return { record: gradedLab(lab, verdicts, { ...seen, timings }, elapsed()), engine };
  } catch (error) {
    return {
      record: failedLab(lab, reasonOf(error), elapsed()),
      ...(host === undefined ? {} : { engine: host.engine }),
    };
  } finally {
    if (host !== undefined) grader.hosts.release(host);
  }
}

async function examine(host: LabHost, lab: GradableLab, deployment: Deployment, folder: string): Promise<Survey> {
  const started = performance.now();
  const facts = await deploy(host, deployment, folder, lab.name);
  const copy = Math.round(performance.now() - started) - facts.ms;
  const seen = await survey(host, lab.survey, facts, deployment.roles);
  const notDownloaded = downloadFailure(facts.output);
  if (notDownloaded !== undefined && !everyRoleRuns(seen)) {
    throw new InfrastructureError(`something the submission needs could not be downloaded: ${notDownloaded}`);
  }
  return { ...seen, timings: { copy, deploy: facts.ms, ...seen.timings } };
}

function everyRoleRuns({ roles, containers }: Survey): boolean {
  return Object.values(roles).every(
    (role) => role.found === 'one' && containers.some((each) => each.name === role.container && isAlive(each)),
  );
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
