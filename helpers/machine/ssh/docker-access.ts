/** Whether the user who signed in may use Docker on that machine, and if not, what is missing. */
import { UsageError } from '../../base/failure.ts';
import type { SshMachine } from './machine.ts';

export interface DockerAccess {
  /** As the engine calls it, e.g. amd64. */
  arch: string;
  apiVersion: string;
  serverVersion: string;
}

const TIMEOUT_MS = 30_000;
const OUTPUT_LIMIT = 16_384;
const NOT_FOUND = 127;

/**
 * Runs `docker version` there, as the user and with the environment of the login.
 *
 * @throws {UsageError} with a sentence about what is missing.
 * @throws {InfrastructureError} when the connection breaks.
 */
export async function checkDocker(machine: SshMachine): Promise<DockerAccess> {
  const { exitCode, timedOut, output } = await machine.run({
    argv: ['docker', 'version', '--format', '{{json .Server}}'],
    timeoutMs: TIMEOUT_MS,
    maxOutput: OUTPUT_LIMIT,
  });
  const access = exitCode === 0 ? accessIn(output) : undefined;
  if (access !== undefined) return access;
  throw new UsageError(
    `Docker cannot be used on ${machine.hostName}: ${timedOut ? 'its engine does not answer' : whyNot(machine, exitCode, output)}.`,
  );
}

/** @param output It may have warnings beside the line that was asked for. */
function accessIn(output: string): DockerAccess | undefined {
  const line = output.split('\n').find((each) => each.startsWith('{'));
  if (line === undefined) return undefined;
  const { Arch, ApiVersion, Version } = JSON.parse(line) as { Arch?: string; ApiVersion?: string; Version?: string };
  if (Arch === undefined || ApiVersion === undefined || Version === undefined) return undefined;
  return { arch: Arch, apiVersion: ApiVersion, serverVersion: Version };
}

function whyNot({ user }: SshMachine, exitCode: number | null, output: string): string {
  if (exitCode === NOT_FOUND) return 'there is no docker command for a login over ssh; install Docker Engine there';
  if (/permission denied/i.test(output)) {
    return (
      `user ${user} is not in the group docker. Somebody who may has to run \`sudo usermod -aG docker ${user}\` there; ` +
      `then ${user} logs in again. netgrade never uses sudo itself`
    );
  }
  if (/cannot connect to the docker daemon|failed to connect to the docker api|daemon running/i.test(output)) {
    return 'the engine is not running. Start it there, e.g. with `sudo systemctl start docker`; netgrade never uses sudo itself';
  }
  return output.trim().split('\n').at(-1) || 'the docker command says nothing';
}
