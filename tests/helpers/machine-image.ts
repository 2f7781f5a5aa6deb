/**
 * Builds the image of a machine that is not the grader's own, from this checkout's lab host. Run as a program it prints
 * what to start one from, for tests: Jest cannot load the preparation itself.
 */
import path from 'node:path';
import Docker from 'dockerode';
import { digestOf } from '../../helpers/base/digest.ts';
import type { LabHostImage } from '../../helpers/machine/lab-host/disposable/start.ts';
import { DEFAULT_GENERATION } from '../../helpers/machine/setup/generations.ts';
import { imageExists } from '../../helpers/machine/setup/image-exists.ts';
import { ensureImages } from '../../helpers/machine/setup/images.ts';
import { sh } from '../../helpers/machine/setup/shell.ts';

const FOLDER = path.resolve(import.meta.dirname, '../images/machine');
const BUILD_MS = 600_000;

export interface MachineImage extends LabHostImage {
  /** The image of the lab host that it is made from. */
  labHost: string;
}

/** Found again by a digest of everything that it is made from. */
export async function ensureMachineImage(docker: Docker): Promise<MachineImage> {
  const labHost = await ensureImages(docker, DEFAULT_GENERATION);
  const digest = await digestOf([FOLDER]);
  const image = `netgrade/test-machine:${digest}-${labHost.image.split(':').at(-1) ?? ''}`;
  if (!(await imageExists(docker, image))) {
    const from = ['--build-arg', `LAB_HOST=${labHost.image}`];
    await sh(['docker', 'buildx', 'build', '--quiet', ...from, '--tag', image, FOLDER], { timeoutMs: BUILD_MS });
  }
  return { ...labHost, image, labHost: labHost.image };
}

if (import.meta.main) console.log(JSON.stringify(await ensureMachineImage(new Docker())));
