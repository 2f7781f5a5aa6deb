/** What Compose makes of a submission's file. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Deployment } from '../submission/deployment.ts';

const CONFIG_MS = 30_000;
/** Characters of Compose's answer; it is JSON, so it must not be cut. */
const CONFIG_LIMIT = 4_000_000;

/** @returns the words by which Compose is called for a deployment, without what it is to do. */
export function composeCommand({
  file,
  override,
  project,
}: Pick<Deployment, 'file' | 'override' | 'project'>): string[] {
  return [
    ...['docker', 'compose'],
    ...(project === undefined ? [] : ['--project-name', project]),
    ...(file === undefined ? [] : ['--file', file]),
    ...(override === undefined ? [] : ['--file', override]),
  ];
}

/**
 * @param compose The words before `config`.
 * @returns JSON; undefined when Compose cannot read the file, which is the student's fault and shows when it is deployed.
 */
export async function composeConfig(host: LabHost, compose: string[], cwd: string): Promise<string | undefined> {
  const quiet = 'exec "$@" 2>/dev/null'; // without warnings, which are not JSON
  const { exitCode, output } = await host.run({
    argv: ['sh', '-c', quiet, 'sh', ...compose, 'config', '--format', 'json'],
    cwd,
    env: host.environment,
    timeoutMs: CONFIG_MS,
    maxOutput: CONFIG_LIMIT,
  });
  return exitCode === 0 ? output : undefined;
}
