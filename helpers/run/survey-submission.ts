/** Deploys one submission on a fresh machine and surveys it, for an author who tries a spec (spec-environment.ts). */
import { reasonOf, UsageError } from '../base/failure.ts';
import { loadCatalogue, type GradableLab } from '../lab/catalogue.ts';
import { ImageShelf } from '../machine/lab-host/image-shelf.ts';
import { NoHosts } from '../machine/lab-host/no-hosts.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { say } from '../machine/setup/say.ts';
import { deploymentOf, liveDeployment } from '../submission/deployment.ts';
import { readSubmission, type Submission } from '../submission/submission.ts';
import type { Survey } from '../survey/facts.ts';
import { surveyLab, wantedBy } from './grade-lab.ts';
import { openHosts } from './hosts.ts';
import type { LabTask } from './lab-task.ts';
import { Machines } from './machines.ts';
import { runOptions } from './options.ts';

/** The last survey of this process. In Jest's watch mode only the spec changes, so the submission is not deployed again. */
let last: { of: string; survey: Survey } | undefined;

/**
 * @param folder The lab's folder, as an absolute path.
 * @param ownLabs See `loadCatalogue`.
 * @returns the survey. If nothing was changed in the folder, it is the last one.
 * @throws {UsageError} when there is nothing that can be deployed.
 * @throws {InfrastructureError} when it could not be surveyed, and that is not the submission's fault.
 */
export async function surveySubmission(folder: string, labName: string, ownLabs: string[]): Promise<Survey> {
  const lab = (await loadCatalogue(ownLabs)).get(labName);
  if (lab === undefined) throw new UsageError(`there is no lab "${labName}"; name it with LAB=NAME`);
  const submission = await readOne(folder);
  const of = JSON.stringify([folder, labName, submission.digest]);
  if (last?.of !== of) last = { of, survey: await deployAndSurvey(taskOf(lab, submission)) };
  return last.survey;
}

async function readOne(folder: string): Promise<Submission> {
  const submission = await readSubmission(folder).catch((error: unknown) => {
    throw new UsageError(`the submission in ${folder} cannot be read: ${reasonOf(error)}`);
  });
  if (submission.over !== undefined) throw new UsageError(`${folder}: ${submission.over}`);
  return submission;
}

function taskOf(lab: GradableLab, submission: Submission): LabTask {
  const deployment = lab.machines === 0 ? liveDeployment(submission) : deploymentOf(submission, wantedBy(lab));
  if (deployment.how === 'none') throw new UsageError(`${submission.folder}: ${deployment.reason}`);
  if (deployment.how === 'live' && lab.machines !== 0)
    throw new UsageError(`${submission.folder} says "deploy: live": there is nothing to deploy on a fresh machine`);
  return { lab, submission, deployment };
}

async function deployAndSurvey(task: LabTask): Promise<Survey> {
  say(`deploying ${task.submission?.folder ?? ''} as ${task.lab.name} …`);
  const { machines: needed = 1 } = task.lab;
  await using hosts: LabHostSupply = needed === 0 ? new NoHosts('disposable') : await openHosts(runOptions({}), needed);
  await using images = new ImageShelf(hosts.porter);
  const stop = (): void => {
    void Promise.resolve(hosts[Symbol.asyncDispose]()).finally(() => process.exit(130));
  };
  process.once('SIGINT', stop);
  try {
    using machines = new Machines(hosts);
    return await surveyLab({ images }, task, machines);
  } finally {
    process.off('SIGINT', stop);
  }
}
