/** The image that lab hosts and stand-ins are built from: Debian 12, pulled or, offline, made with debootstrap. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import type Docker from 'dockerode';
import { UsageError } from '../../base/failure.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { inOwnFolder } from '../lab-host/own-files.ts';
import { imageExists } from './image-exists.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';

export const BASE_IMAGE = 'netgrade/debian:bookworm';
const BOOTSTRAP_MS = 900_000;
const REGISTRY_PROBE_MS = 30_000;
/** Not /tmp: debootstrap makes device files there, and Debian 13 and later mount /tmp with `nodev` (systemd's tmp.mount). */
const PLACE = '/var/tmp';

/** Finds out whether a registry is in reach, by pulling from it. Otherwise images have to be made here. */
export async function imageSource(): Promise<ImageSource> {
  try {
    await sh(['docker', 'pull', '--quiet', 'debian:bookworm-slim'], { timeoutMs: REGISTRY_PROBE_MS });
    return 'registry';
  } catch {
    say('no image registry in reach: stand-ins for the official images are made from Debian packages');
    return 'stand-ins';
  }
}

export async function baseImage(docker: Docker, images: ImageSource): Promise<void> {
  if (images === 'registry') {
    await docker.getImage('debian:bookworm-slim').tag({ repo: 'netgrade/debian', tag: 'bookworm' });
    return;
  }
  if (await imageExists(docker, BASE_IMAGE)) return;
  const mirror = aptMirror();
  if (mirror === undefined || process.getuid?.() !== 0) {
    throw new UsageError(
      'No image registry is in reach, and only root on Debian can make images without one. Connect to a registry and run again.',
    );
  }
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
