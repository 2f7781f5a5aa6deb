/** Deploys a submission on a lab host. A deployment that fails is a fact about the submission, never an exception. */
import path from 'node:path';
import type { LabHost } from '../lab-host/lab-host.ts';
import type { Deployment } from '../submission/deployment.ts';
import type { DeploymentFacts } from '../survey/facts.ts';
import { provideStandIns } from './stand-ins.ts';

/** Everything a student's command finds in its environment: nothing of the grader's. */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
};
const MOST_OUTPUT = 20_000;

/** Where a lab's folder is on the lab host. */
export function folderOnHost(host: LabHost, lab: string): string {
  return path.posix.join(host.workplace, lab);
}

/**
 * Copies the lab's folder to the lab host and deploys it there.
 *
 * @param folder The lab's folder on the grading host.
 * @param name What the folder is called on the lab host; Compose derives its project name from it.
 * @param told What the command finds in its environment besides.
 */
export async function deploy(
  host: LabHost,
  deployment: Deployment,
  folder: string,
  name: string,
  told: Record<string, string> = {},
): Promise<DeploymentFacts> {
  if (deployment.how === 'live') {
    return { how: 'live', command: '', directory: '', exitCode: 0, timedOut: false, output: '', ms: 0 };
  }
  const target = folderOnHost(host, name);
  await Promise.all([host.upload(folder, target), provideStandIns(host, folder)]);
  const argv = commandOf(deployment);
  const { directory, timeoutMs } = deployment;
  const result = await host.run({
    argv,
    cwd: path.posix.join(target, directory),
    env: { ...told, ...ENVIRONMENT },
    timeoutMs,
    maxOutput: MOST_OUTPUT,
  });
  return { how: deployment.how, command: argv.join(' '), directory: path.posix.join(name, directory), ...result };
}

function commandOf({ how, file }: Deployment): string[] {
  if (how === 'script') return ['bash', file ?? 'run.sh'];
  return ['docker', 'compose', ...(file === undefined ? [] : ['--file', file]), 'up', '--detach'];
}
