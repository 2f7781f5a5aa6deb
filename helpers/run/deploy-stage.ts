/** First stage: deploys a submission on its lab hosts. If deploying fails, that is a fact about the submission, not an exception. */
import { InfrastructureError } from '../base/failure.ts';
import { deploy, FOUND } from '../deploy/deploy.ts';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import { deployOnTwo } from '../deploy/two-machines.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Timings } from '../survey/stopwatch.ts';
import type { LabTask } from './lab-task.ts';

/** A deployed submission. If it has two machines, they share a network until this is disposed of. */
export interface Deployed extends AsyncDisposable {
  machines: { host: LabHost; facts: DeploymentFacts }[];
  timings: Timings;
}

/**
 * @param hosts Empty for a lab of which only answers are handed in.
 * @param meanwhile Called when a submission's own commands have been started.
 */
export async function deployStage(hosts: LabHost[], task: LabTask, meanwhile: () => void): Promise<Deployed> {
  const [first, second] = hosts;
  if (first === undefined) return { machines: [], timings: {}, [Symbol.asyncDispose]: () => Promise.resolve() };
  return second === undefined ? deployOnOne(first, task, meanwhile) : deployOnBoth([first, second], task, meanwhile);
}

async function deployOnOne(
  host: LabHost,
  { lab, submission, deployment }: LabTask,
  meanwhile: () => void,
): Promise<Deployed> {
  const started = performance.now();
  const { hostPorts = [] } = lab.survey;
  const facts =
    deployment.how === 'live' || submission === undefined
      ? { ...FOUND, why: deployment.why, notes: deployment.notes }
      : await deploy(host, deployment, submission, lab.name, { hostPorts, meanwhile });
  const copy = Math.round(performance.now() - started) - facts.ms;
  return {
    machines: [{ host, facts }],
    timings: { copy, deploy: facts.ms },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function deployOnBoth(
  hosts: [LabHost, LabHost],
  { lab, submission, deployment }: LabTask,
  meanwhile: () => void,
): Promise<Deployed> {
  if (submission === undefined) throw new Error('what is deployed on two machines has to be handed in');
  const started = performance.now();
  const addresses = await hosts[0].link?.(hosts[1]);
  if (addresses === undefined)
    throw new InfrastructureError('this lab needs two machines of ours: use --host disposable');
  const facts = await deployOnTwo(hosts, addresses, deployment, submission, lab.name, meanwhile);
  return {
    machines: [
      { host: hosts[0], facts: facts[0] },
      { host: hosts[1], facts: facts[1] },
    ],
    timings: { deploy: Math.round(performance.now() - started) },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}
