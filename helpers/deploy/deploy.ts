/** Deploys a submission on a lab host. A deployment that fails is a fact about the submission, never an exception. */
import path from 'node:path';
import { plainOutput } from '../base/plain-output.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { COMPOSE_FILES, type Deployment } from '../submission/deployment.ts';
import { textOf, type Submission } from '../submission/submission.ts';
import type { DeploymentFacts } from './deployment-facts.ts';
import { composeCommand } from './compose-config.ts';
import { checkCollisions, checkNeedsAreFree } from './shared-engine.ts';
import { upWithoutSocket } from './without-socket.ts';
import { startTrace } from './trace.ts';

const MOST_OUTPUT = 20_000;

/** Where a lab's folder is on the lab host. */
export function folderOnHost(host: LabHost, lab: string): string {
  return path.posix.join(host.workplace, lab);
}

export interface DeployOptions {
  /** Further environment variables for the command. */
  told?: Record<string, string>;
  /** Ports of the host that the lab needs in any case. */
  hostPorts?: number[];
  /** Called when the command has been started. */
  meanwhile?: () => void;
}

/** For a live host: nothing was deployed; what runs there was found there. */
export const FOUND: DeploymentFacts = {
  how: 'live',
  command: '',
  directory: '',
  exitCode: 0,
  timedOut: false,
  output: '',
  ms: 0,
};

/**
 * Copies a submission to the lab host and deploys it there.
 *
 * @param name What the folder is called on the lab host; Compose derives its project name from it.
 * @throws {InfrastructureError} on a machine that others use, too, when something there is in the way of the
 *   submission.
 */
export async function deploy(
  host: LabHost,
  deployment: Deployment,
  submission: Submission,
  name: string,
  { told = {}, hostPorts = [], meanwhile }: DeployOptions = {},
): Promise<DeploymentFacts> {
  const target = folderOnHost(host, name);
  const [trace] = await Promise.all([
    deployment.how === 'script' ? startTrace(host, submission.texts) : undefined,
    host.upload(submission, target),
  ]);
  if (host.gate !== undefined) await checkNeedsAreFree(host, deployment, target, hostPorts);
  const argv = commandOf(deployment);
  const { directory, timeoutMs, why, notes } = deployment;
  const cwd = path.posix.join(target, directory);
  const running = host.run({
    argv: [...(trace?.before ?? []), ...argv],
    cwd,
    env: { ...told, ...projectOf(deployment), ...host.environment },
    timeoutMs,
    maxOutput: MOST_OUTPUT,
    terminal: deployment.how === 'script',
  });
  meanwhile?.();
  const ran = await running;
  if (host.gate !== undefined) await checkCollisions(host, host.gate);
  const commands = await trace?.read(cwd);
  const compose = composeOf(deployment, submission);
  const result =
    compose === undefined ? ran : await upWithoutSocket(host, { compose, cwd, timeoutMs, maxOutput: MOST_OUTPUT }, ran);
  const file = deployment.file ?? composeFileIn(submission, directory);
  return {
    how: deployment.how,
    command: argv.join(' '),
    directory: path.posix.join(name, directory),
    why,
    notes,
    ...result,
    output: plainOutput(result.output),
    ...(file !== undefined && { file }),
    ...(commands && { commands }),
  };
}

function commandOf(deployment: Deployment): string[] {
  if (deployment.how === 'script') return ['bash', deployment.file ?? 'run.sh'];
  return [...composeCommand(deployment), 'up', '--detach'];
}

/** For a script that calls Compose in a folder of whose name Compose can make no project's name. */
function projectOf({ how, project }: Deployment): Record<string, string> {
  return how === 'script' && project !== undefined ? { COMPOSE_PROJECT_NAME: project } : {};
}

/** How the submission calls Compose, itself or by its script; undefined when it does not. */
function composeOf(deployment: Deployment, submission: Submission): string[] | undefined {
  const { how, file, directory, project } = deployment;
  if (how === 'compose') return composeCommand(deployment);
  const script = textOf(submission, path.posix.join(directory, file ?? 'run.sh')) ?? '';
  return /\bdocker[- ]compose\b/.test(script)
    ? composeCommand({ ...(project !== undefined && { project }) })
    : undefined;
}

/** The file that Compose finds by itself. */
function composeFileIn({ entries }: Submission, directory: string): string | undefined {
  const names = new Set(entries.map(({ name }) => name));
  return COMPOSE_FILES.find((file) => names.has(path.posix.join(directory, file)));
}
