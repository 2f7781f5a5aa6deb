/** Fills the golden volume: a throw-away lab host loads the course's images into it and builds the course's own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type Docker from 'dockerode';
import { InfrastructureError } from '../../base/failure.ts';
import { drawPool } from '../lab-host/disposable/address-pool.ts';
import { feed } from '../lab-host/exec-stream.ts';
import { ownLabels } from '../lab-host/labels.ts';
import { removeContainer } from '../lab-host/remove.ts';
import { packFolder } from '../lab-host/pack-folder.ts';
import { until } from '../../base/wait.ts';
import type { Generation } from './generations.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';
import { contentsOf, NO_LIMITS } from '../../submission/contents.ts';

const BOOT_MS = 60_000;
const LOAD_MS = 900_000;
const STOP_SECONDS = 60;

export interface Golden {
  image: string;
  generation: Generation;
  goldenVolume: string;
  /** A submission whose images are built, for their layers and the build cache. */
  course: string;
  images: string[];
  labels: Record<string, string>;
}

export async function fillGolden(docker: Docker, golden: Golden): Promise<void> {
  const { image, goldenVolume } = golden;
  // An ended run may have left it half filled.
  const pool = drawPool();
  await docker
    .getVolume(goldenVolume)
    .remove({ force: true })
    .catch(() => undefined);
  await docker.createVolume({ Name: goldenVolume, Labels: { ...golden.labels } });
  const container = await docker.createContainer({
    Image: image,
    Labels: ownLabels(),
    Env: [`NETGRADE_POOL=${pool.networks}`, `NETGRADE_BIP=${pool.bridge}`],
    HostConfig: { Privileged: true, Binds: [`${goldenVolume}:/var/lib/docker`] },
  });
  try {
    await container.start();
    await engineRuns(container, golden.generation);
    const save = spawn('docker', ['save', ...golden.images], { stdio: ['ignore', 'pipe', 'ignore'] });
    await sh(['docker', 'exec', '-i', container.id, 'docker', 'load'], { timeoutMs: LOAD_MS, input: save.stdout });
    await buildCourse(container, golden.course);
    await container.stop({ t: STOP_SECONDS });
  } catch (error) {
    await removeContainer(container);
    await docker
      .getVolume(goldenVolume)
      .remove({ force: true })
      .catch(() => undefined);
    throw error;
  }
  await removeContainer(container);
}

async function engineRuns(container: Docker.Container, generation: Generation): Promise<void> {
  const ask = ['docker', 'exec', container.id, 'docker', 'version', '--format', '{{.Server.Version}}'];
  const version = await until(BOOT_MS, () => sh(ask, { timeoutMs: BOOT_MS }).catch(() => undefined));
  if (version === undefined) throw new InfrastructureError('the engine of a new lab host did not start');
  // A testing suite moves on: better graded on the next engine, as every record says, than not at all.
  if (!version.startsWith(`${generation}.`)) say(`Debian gave Engine ${version.trim()} instead of ${generation}`);
}

/**
 * Builds the course's images for the build cache, and removes the images: under their names, Compose would start them for
 * every student whose folder is called as the course's own, and build nothing.
 */
async function buildCourse(container: Docker.Container, course: string): Promise<void> {
  const folder = `/home/student/${path.basename(course)}`;
  const unpacked = await feed(container, ['tar', '-xC', '/'], packFolder(await contentsOf(course, NO_LIMITS), folder));
  if (unpacked.exitCode !== 0) throw new InfrastructureError(`the course did not reach a lab host: ${unpacked.output}`);
  const enter = `cd ${folder} && cd "$(dirname "$(find . -maxdepth 2 -name '*compose.y*ml' | head -n 1)")"`;
  const script = `${enter} && docker compose build && docker compose down --rmi local`;
  await sh(['docker', 'exec', container.id, 'sh', '-c', script], { timeoutMs: LOAD_MS });
}
