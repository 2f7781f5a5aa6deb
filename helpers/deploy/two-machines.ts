/**
 * Deploys a submission that has a script for each of two machines. The scripts run one after the other, and get both
 * addresses in their environment. Variables that the first writes into a file are passed to the second, e.g. the token
 * for joining a swarm.
 */
import path from 'node:path';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Deployment } from '../submission/deployment.ts';
import type { Submission } from '../submission/submission.ts';
import type { DeploymentFacts } from './deployment-facts.ts';
import { deploy } from './deploy.ts';

const HANDOVER = 'handover';
/** A line of the file that is handed over: a variable for the second script's environment. */
const LINE = /^([A-Z][A-Z0-9_]{0,63})=(.{0,4096})$/gm;
const MOST_LINES = 50;

/**
 * @param addresses The addresses at which the two machines reach each other.
 * @param meanwhile Called when the first script has been started.
 * @returns the facts about each machine.
 */
export async function deployOnTwo(
  [first, second]: [LabHost, LabHost],
  addresses: string[],
  deployment: Deployment,
  submission: Submission,
  name: string,
  meanwhile?: () => void,
): Promise<[DeploymentFacts, DeploymentFacts]> {
  const [script1 = '', script2 = ''] = deployment.scripts ?? [];
  const told = { HOST1: addresses[0] ?? '', HOST2: addresses[1] ?? '' };
  const handover = path.posix.join(first.workplace, HANDOVER);
  const one = await deploy(first, { ...deployment, file: script1 }, submission, name, {
    told: { ...told, HANDOVER: handover },
    ...(meanwhile && { meanwhile }),
  });
  const text = (await first.readText(handover)) ?? '';
  const two = await deploy(second, { ...deployment, file: script2 }, submission, name, {
    told: { ...handedOver(text), ...told },
  });
  return [one, two];
}

/** The lines `NAME=value` of a text. */
export function handedOver(text: string): Record<string, string> {
  const lines = [...text.matchAll(LINE)].slice(0, MOST_LINES);
  return Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value]));
}
