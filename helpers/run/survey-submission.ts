/** Deploys one submission on a fresh machine and surveys it, for an author who tries a spec (spec-environment.ts). */
import { reasonOf, UsageError } from '../base/failure.ts';
import { loadCatalogue, type GradableLab } from '../lab/catalogue.ts';
import { bootsOn } from '../machine/lab-host/disposable/boots.ts';
import { FreshHosts } from '../machine/lab-host/disposable/fresh-hosts.ts';
import { openRuntime } from '../machine/lab-host/disposable/runtime.ts';
import { ImageShelf } from '../machine/lab-host/image-shelf.ts';
import { NoHosts } from '../machine/lab-host/no-hosts.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { ensureEngine } from '../machine/setup/engine.ts';
import { DEFAULT_GENERATION } from '../machine/setup/generations.ts';
import { ensureImages } from '../machine/setup/images.ts';
import { say } from '../machine/setup/say.ts';
import { deploymentOf, liveDeployment } from '../submission/deployment.ts';
import { readSubmission, type Submission } from '../submission/submission.ts';
import type { Survey } from '../survey/facts.ts';
import { surveyLab } from './grade-lab.ts';
import type { LabTask } from './lab-task.ts';
import { Machines } from './machines.ts';

/** The last survey of this process, by what it was made of: in watch mode a spec changes, and the submission does not. */
let last: { of: string; survey: Survey } | undefined;

/**
 * @param folder The lab's folder, as an absolute path.
 * @param ownLabs See `loadCatalogue`.
 * @returns what was seen; what was seen the last time, if the same is handed in again.
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
  const deployment = lab.machines === 0 ? liveDeployment(submission) : deploymentOf(submission, lab.machines);
  if (deployment.how === 'none') throw new UsageError(`${submission.folder}: ${deployment.reason}`);
  if (deployment.how === 'live' && lab.machines !== 0)
    throw new UsageError(`${submission.folder} says "deploy: live": there is nothing to deploy on a fresh machine`);
  return { lab, submission, deployment };
}

async function deployAndSurvey(task: LabTask): Promise<Survey> {
  say(`deploying ${task.submission?.folder ?? ''} as ${task.lab.name} …`);
  await using hosts = await openHosts(task.lab);
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

async function openHosts({ machines }: GradableLab): Promise<LabHostSupply> {
  if (machines === 0) return new NoHosts('disposable');
  const { docker, endpoint } = await ensureEngine();
  const from = await ensureImages(docker, DEFAULT_GENERATION);
  await openRuntime(endpoint);
  const boots = bootsOn(docker, from, { foreignImages: true, wayOut: false });
  return new FreshHosts(boots, machines ?? 1, Promise.resolve(), say);
}
