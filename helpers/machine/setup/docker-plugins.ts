/** The two plugins of Docker's command line that are needed: Buildx, to make images, and Compose, for submissions. */
import { execFile } from 'node:child_process';
import { UsageError } from '../../base/failure.ts';
import { findEngineAddress } from '../lab-host/engine-address.ts';
import { installed } from './no-engine.ts';
import { sh } from './shell.ts';
import { surroundings } from './surroundings.ts';

const VERSION_MS = 20_000;
const PLUGINS = {
  buildx: { title: 'Buildx', oldest: [0, 8], why: 'makes its images with it' },
  compose: { title: 'Compose', oldest: [2, 0], why: 'brings up submissions with it' },
} as const;

let hasBuildx: Promise<void> | undefined;

/**
 * Builds an image on the engine, by its own builder.
 *
 * @param args Of `docker buildx build`.
 * @throws {UsageError} when Buildx is not there, or too old.
 * @throws {InfrastructureError} when the build fails.
 */
export async function build(args: string[], timeoutMs: number): Promise<void> {
  await (hasBuildx ??= need('buildx'));
  // Another builder may be chosen (`docker buildx use`): it has none of the engine's images, and the engine none of its.
  const { context = 'default' } = await findEngineAddress();
  await sh(['docker', 'buildx', '--builder', context, 'build', '--quiet', ...args], { timeoutMs });
}

/** @throws {UsageError} when Compose v2 is not there. */
export function needCompose(): Promise<void> {
  return need('compose');
}

async function need(plugin: keyof typeof PLUGINS): Promise<void> {
  const { title, oldest, why } = PLUGINS[plugin];
  const said = await versionOf(plugin);
  const [, major, minor] = /\bv?(\d+)\.(\d+)/.exec(said.output) ?? [];
  const { system, version } = surroundings();
  const advice = `Install ${installed(system, version)}; then run the same command again`;
  if (said.isMissing)
    throw new UsageError(`the docker command is not installed here, and netgrade needs it. ${advice}`);
  if (!said.isThere || major === undefined)
    throw new UsageError(
      `\`docker ${plugin}\` does not work here: ${title} is missing, and netgrade ${why}. ${advice}`,
    );
  const [least, then] = oldest;
  if (Number(major) < least || (Number(major) === least && Number(minor) < then))
    throw new UsageError(
      `${title} ${major}.${minor} is too old: netgrade needs ${oldest.join('.')} or later. ${advice}`,
    );
}

function versionOf(plugin: string): Promise<{ isMissing: boolean; isThere: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile('docker', [plugin, 'version'], { timeout: VERSION_MS }, (error, output) => {
      resolve({ isMissing: error?.code === 'ENOENT', isThere: error === null, output });
    });
  });
}
