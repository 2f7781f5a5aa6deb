/** The image that lab hosts and stand-ins are built from: Debian 12, pulled or, offline, made with debootstrap. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { inOwnFolder } from '../lab-host/own-files.ts';
import { imageExists } from './image-exists.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';

/** What is pulled for it. */
const REGISTRY_IMAGE = 'debian:bookworm-slim';
export const BASE_IMAGE = 'netgrade/debian:bookworm';
const BOOTSTRAP_MS = 900_000;
const REGISTRY_PROBE_MS = 30_000;
/** Not /tmp: debootstrap makes device files there, and Debian 13 and later mount /tmp with `nodev` (systemd's tmp.mount). */
const PLACE = '/var/tmp';

/**
 * Finds out whether a registry is in reach, by pulling from it. Otherwise images have to be made here, which only root on
 * Debian can do.
 *
 * @throws {InfrastructureError} when they cannot be made here, or when the registry is there and refuses for a while.
 */
export async function imageSource(docker: Docker, canMakeThem = mayMakeImages()): Promise<ImageSource> {
  try {
    await sh(['docker', 'pull', '--quiet', REGISTRY_IMAGE], { timeoutMs: REGISTRY_PROBE_MS });
    return 'registry';
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error; // there is no docker command
    const reason = reasonOf(error);
    if (/toomanyrequests|pull rate limit/i.test(reason))
      throw new InfrastructureError(
        `the image registry gives no more images for a while: ${reason}. \`docker login\` allows more`,
      );
    if (await isFromRegistry(docker)) throw error; // it was in reach before, and will be again
    if (!canMakeThem && !(await imageExists(docker, BASE_IMAGE)))
      throw new InfrastructureError(
        `no image registry is in reach: ${reason}. Without one, images can be made by root on Debian only, on an engine of the same machine`,
      );
    say('no image registry in reach: stand-ins for the official images are made from Debian packages');
    return 'stand-ins';
  }
}

/** Whether the base image that is there was pulled. */
async function isFromRegistry(docker: Docker): Promise<boolean> {
  const idOf = async (name: string): Promise<string> => (await docker.getImage(name).inspect()).Id;
  const ids = await Promise.all([REGISTRY_IMAGE, BASE_IMAGE].map(idOf)).catch(() => []); // one of them is not there
  return ids.length > 0 && ids[0] === ids[1];
}

/** Whether debootstrap can make a base image: as root on Debian. */
function mayMakeImages(): boolean {
  return process.getuid?.() === 0 && aptMirror() !== undefined;
}

export async function baseImage(docker: Docker, images: ImageSource): Promise<void> {
  if (images === 'registry') {
    await docker.getImage(REGISTRY_IMAGE).tag({ repo: 'netgrade/debian', tag: 'bookworm' });
    return;
  }
  if (await imageExists(docker, BASE_IMAGE)) return;
  const mirror = aptMirror();
  if (mirror === undefined) throw new Error('nobody has asked whether images can be made here');
  say('making a Debian base image with debootstrap …');
  if (!existsSync('/usr/sbin/debootstrap'))
    await sh(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'debootstrap'], {
      timeoutMs: BOOTSTRAP_MS,
    });
  await inOwnFolder(async (folder) => {
    await sh(['debootstrap', '--variant=minbase', 'bookworm', folder, mirror], { timeoutMs: BOOTSTRAP_MS });
    const without = ['./var/cache/apt/*', './var/lib/apt/lists/*'].map((pattern) => `--exclude=${pattern}`);
    const tar = spawn('tar', ['-C', folder, ...without, '-c', '.'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await sh(['docker', 'import', '-', BASE_IMAGE], { timeoutMs: BOOTSTRAP_MS, input: tar.stdout });
  }, PLACE);
}

/** The mirror that this machine's apt configuration names, in either of apt's two formats. */
export function aptMirror(
  files: string[] = ['/etc/apt/sources.list', '/etc/apt/sources.list.d/debian.sources'],
): string | undefined {
  const text = files
    .filter((file) => existsSync(file))
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  return /^URIs:\s*(\S+)/m.exec(text)?.[1] ?? /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)/m.exec(text)?.[1];
}
