/**
 * Brings a Compose project up once more without the services that ask for the engine's own socket (portainer, traefik,
 * watchtower, …). The policy refuses these. Compose ends at the first container that is refused, whatever else there is to start.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { isSocketOrAbove, SOCKET_DENIED } from '../machine/policy/mount-rules.ts';
import type { RunAnswer } from '../machine/probe/protocol.ts';
import { composeConfig } from './compose-config.ts';

/** Milliseconds that are left for it, if the submission's own limit is over. */
const LEAST_MS = 30_000;
/** Services have names that Compose takes: nothing else is put into a command. */
const NAME = /^[a-zA-Z0-9._-]+$/;

interface Config {
  services?: Record<string, { volumes?: { type?: string; source?: string }[] }>;
}

interface Stack {
  cwd: string;
  compose: string[];
  timeoutMs: number;
  maxOutput: number;
}

/**
 * @param before How the project was brought up.
 * @returns how it was brought up in the end; `before` if nothing was refused because of the socket, or no service asks for it.
 */
export async function upWithoutSocket(host: LabHost, stack: Stack, before: RunAnswer): Promise<RunAnswer> {
  if (host.policy === undefined || before.exitCode === 0) return before;
  const { denied } = await host.policy.facts();
  if (!denied.some(({ what }) => SOCKET_DENIED.test(what))) return before;
  const services = servicesWithSocket((await composeConfig(host, stack.compose, stack.cwd)) ?? '{}');
  if (services.length === 0) return before;
  const without = services.flatMap((service) => ['--scale', `${service}=0`]);
  const { output, ms, ...after } = await host.run({
    argv: [...stack.compose, 'up', '--detach', ...without],
    cwd: stack.cwd,
    env: host.environment,
    timeoutMs: Math.max(stack.timeoutMs - before.ms, LEAST_MS),
    maxOutput: stack.maxOutput,
  });
  const said = `netgrade: brought up once more without ${services.join(', ')}, which may not use the engine's own socket`;
  return {
    ...after,
    output: `${before.output.trimEnd()}\n${said}\n${output}`,
    ms: before.ms + ms,
    ...(before.startedAt !== undefined && { startedAt: before.startedAt }),
  };
}

/** @param config What `docker compose config --format json` prints. */
export function servicesWithSocket(config: string): string[] {
  const { services = {} } = JSON.parse(config) as Config;
  return Object.entries(services)
    .filter(([, { volumes = [] }]) =>
      volumes.some(({ type, source = '' }) => type === 'bind' && isSocketOrAbove(source)),
    )
    .map(([name]) => name)
    .filter((name) => NAME.test(name));
}
