/**
 * Grades one lab of one student: deploy (deploy-stage.ts), survey (survey-stage.ts), judge (judge/judge.ts), record
 * (record-stage.ts). Whatever goes wrong and is not the student's fault ends as a record with the status `error`.
 */
import { UsageError, reasonOf } from '../base/failure.ts';
import { inTime } from '../base/wait.ts';
import type { Judge } from '../judge/judge.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import type { ImageShelf } from '../machine/lab-host/image-shelf.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { failedLab, ungradedLab } from '../report/recording.ts';
import { notHandedInText } from '../report/terminal.ts';
import type { Material } from '../report/similarity/material.ts';
import {
  deploymentOf,
  liveDeployment,
  type Deployment,
  type Undeployable,
  type Wanted,
} from '../submission/deployment.ts';
import type { Submission } from '../submission/submission.ts';
import { answersHandedIn } from '../survey/answers.ts';
import type { Survey } from '../survey/facts.ts';
import { stopwatch } from '../survey/stopwatch.ts';
import { deployStage } from './deploy-stage.ts';
import { Machines } from './machines.ts';
import { ofLastTry, recordStage, withFingerprint } from './record-stage.ts';
import { surveyStage } from './survey-stage.ts';
import type { Graded, LabTask } from './lab-task.ts';

/** How long surveying a lab may take, in addition to the time limit of its deployment. */
const SURVEY_MS = 300_000;

/** What is needed for grading on this machine. */
export interface Equipment {
  hosts: LabHostSupply;
  images: ImageShelf;
  judge: Judge;
  /** Nothing is deployed: what runs on the host is graded. */
  live: boolean;
  /** What of submissions was given to all students, so that it does not count as copied. */
  material: Material;
  /** Called while a submission is being deployed: the grader only waits then, so other things may be loaded. */
  whileDeploying?: (() => void) | undefined;
}

export function notHandedIn(lab: GradableLab): Graded {
  return { record: ungradedLab(lab, 'missing', notHandedInText(lab.name)) };
}

/** @param submission The lab's folder, if it was handed in. */
export async function gradeLab(
  grader: Equipment,
  lab: GradableLab,
  submission: Submission | undefined,
): Promise<Graded> {
  if (submission === undefined && (!grader.live || lab.machines === 0)) return notHandedIn(lab);
  const graded = await gradeWork(grader, lab, submission);
  // Answers are not compared for copies, because right answers are the same for everybody.
  if (lab.machines === 0) return graded;
  return { ...graded, record: withFingerprint(graded.record, submission, await grader.material.of(lab)) };
}

async function gradeWork(grader: Equipment, lab: GradableLab, submission: Submission | undefined): Promise<Graded> {
  const deployment = howToDeploy(grader, lab, submission);
  if (deployment.how === 'none') return { record: ungradedLab(lab, 'invalid', deployment.reason) };
  const losses: string[] = [];
  for (;;) {
    const { lost, ...graded } = await tryOnce(grader, { lab, deployment, submission });
    if (lost === undefined || losses.length + 1 >= grader.hosts.tries)
      return { ...graded, record: ofLastTry(graded.record, losses) };
    losses.push(lost);
  }
}

/** What of a lab decides how a submission is deployed. */
export function wantedBy({ name, machines, survey }: GradableLab): Wanted {
  return { lab: name, machines: machines ?? 1, roles: survey.roles.map((role) => role.name) };
}

function howToDeploy(
  { hosts, live }: Equipment,
  lab: GradableLab,
  submission: Submission | undefined,
): Deployment | Undeployable {
  const wanted = wantedBy(lab);
  if (submission === undefined) return liveDeployment(submission);
  if (lab.machines === 0) {
    const { answers } = answersHandedIn(submission, lab);
    return 'problem' in answers ? { how: 'none', reason: answers.problem } : liveDeployment(submission, wanted);
  }
  if (live) return liveDeployment(submission, wanted);
  const deployment = deploymentOf(submission, wanted);
  if (deployment.how !== 'live' || hosts.kind !== 'disposable') return deployment;
  return {
    how: 'none',
    reason: 'submission.yaml says "deploy: live", but on a fresh machine nothing runs that could be looked at',
  };
}

/** @returns the graded lab; and if the machine was lost on the way, why. */
async function tryOnce(grader: Equipment, task: LabTask): Promise<Graded & { lost?: string }> {
  const { lab } = task;
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  using machines = new Machines(grader.hosts);
  let survey: Survey | undefined;
  try {
    survey = await surveyLab(grader, task, machines);
    machines.release();
    const judging = stopwatch();
    const verdicts = await grader.judge.judge(lab, survey);
    judging.lap('judge');
    const timings = { ...survey.timings, ...judging.laps };
    return { ...recordStage(task, { ...survey, timings }, verdicts, elapsed()), ...machines.engine };
  } catch (error) {
    if (error instanceof UsageError) throw error; // the user has to mend it, because it concerns every lab
    const lost = machines.lost() ?? (await grader.hosts.gone?.());
    const record = failedLab(lab, lost ?? reasonOf(error), elapsed());
    // What was seen is kept: `npm run judge` judges it when the judge was what failed.
    return { record, ...(survey && { survey }), ...machines.engine, ...(lost !== undefined && { lost }) };
  }
}

/**
 * The first two stages: deploys a lab on machines and observes it.
 *
 * @param machines The caller releases those that were taken.
 * @throws {InfrastructureError} when something went wrong that is not the student's fault.
 */
export async function surveyLab(
  grader: Pick<Equipment, 'images'> & Partial<Equipment>,
  task: LabTask,
  machines: Machines,
): Promise<Survey> {
  const { lab, deployment } = task;
  const clock = stopwatch();
  grader.judge?.getReady(lab); // a process of its own, which loads Jest while the lab host boots
  await machines.take(lab.machines ?? 1, deployment.how === 'live');
  clock.lap('boot');
  const provided = await machines.getReady(grader.images, task);
  clock.lap('images');
  const observe = async (): Promise<Survey> => {
    await using deployed = await deployStage(machines.hosts, task, () => {
      prepareTheEnd(grader, lab);
    });
    // Awaited here, because the network between two machines is removed when this block ends.
    return await surveyStage(deployed, task, provided);
  };
  const limitMs = deployment.timeoutMs + SURVEY_MS;
  const late = `grading did not end in ${Math.round(limitMs / 1000)} s`;
  const survey = await machines.orGone(inTime(observe(), limitMs, late));
  const preparing = machines.hosts.length === 0 ? {} : clock.laps;
  return { ...survey, timings: { ...preparing, ...survey.timings } };
}

/** Prepares comparing and reporting, which are slow the first time. Later, it would hold up the answers to probes. */
function prepareTheEnd({ material, whileDeploying }: Partial<Equipment>, lab: GradableLab): void {
  material?.of(lab).catch(() => undefined); // no unhandled rejection: a later caller awaits it and sees the error
  whileDeploying?.();
}
