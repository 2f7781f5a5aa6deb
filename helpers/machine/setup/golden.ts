/** Fills the golden volume: a throw-away lab host loads the course's images into it and builds the course's own. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import type Docker from 'dockerode';
import { Wait, type StartedTestContainer } from 'testcontainers';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import { log } from '../../base/log.ts';
import { drawPool } from '../lab-host/disposable/address-pool.ts';
import { OwnContainer } from '../lab-host/disposable/container.ts';
import { feed } from '../lab-host/exec-stream.ts';
import { removeContainer } from '../lab-host/remove.ts';
import { packFolder } from '../lab-host/pack-folder.ts';
import type { Generation } from './generations.ts';
import { say } from './say.ts';
import { REGISTRY_FOLDER } from '../probe/agent/registry.ts';
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
  /** Those of them that the lab host's registry has. */
  kept: string[];
  labels: Record<string, string>;
}

export async function fillGolden(docker: Docker, golden: Golden): Promise<void> {
  const { image, goldenVolume } = golden;
  await removeVolume(docker, goldenVolume); // an ended run may have left it half filled
  await docker.createVolume({ Name: goldenVolume, Labels: { ...golden.labels } });
  const pool = drawPool();
  const labHost = new OwnContainer(image)
    .withEnvironment({ NETGRADE_POOL: pool.networks, NETGRADE_BIP: pool.bridge })
    .withBindMounts([{ source: goldenVolume, target: '/var/lib/docker' }])
    .withWaitStrategy(Wait.forSuccessfulCommand('docker version'))
    .withStartupTimeout(BOOT_MS);
  try {
    const started = await startedOf(labHost);
    await checkVersion(started, golden.generation);
    const container = docker.getContainer(started.getId());
    const save = spawn('docker', ['save', ...golden.images], { stdio: ['ignore', 'pipe', 'ignore'] });
    await sh(['docker', 'exec', '-i', container.id, 'docker', 'load'], { timeoutMs: LOAD_MS, input: save.stdout });
    const keep = ['keep-images', REGISTRY_FOLDER, ...golden.kept];
    await sh(['docker', 'exec', container.id, ...keep], { timeoutMs: LOAD_MS });
    await buildCourse(container, golden.course);
    await container.stop({ t: STOP_SECONDS });
  } catch (error) {
    await remove(docker, labHost);
    await removeVolume(docker, goldenVolume);
    throw error;
  }
  await remove(docker, labHost);
}

async function startedOf(labHost: OwnContainer): Promise<StartedTestContainer> {
  try {
    return await labHost.start();
  } catch (error) {
    throw new InfrastructureError(`the engine of a new lab host did not start: ${reasonOf(error)}`);
  }
}

async function remove(docker: Docker, { id }: OwnContainer): Promise<void> {
  if (id !== undefined) await removeContainer(docker.getContainer(id));
}

async function removeVolume(docker: Docker, name: string): Promise<void> {
  try {
    await docker.getVolume(name).remove({ force: true });
  } catch (error) {
    // Most likely it is not there. If somebody still uses it, making or filling it anew says so.
    log('engine', `volume ${name} was not removed: ${reasonOf(error)}`);
  }
}

async function checkVersion(labHost: StartedTestContainer, generation: Generation): Promise<void> {
  const { stdout } = await labHost.exec(['docker', 'version', '--format', '{{.Server.Version}}']);
  // A testing suite moves on: better graded on the next engine, as every record says, than not at all.
  if (!stdout.startsWith(`${generation}.`)) say(`Debian gave Engine ${stdout.trim()} instead of ${generation}`);
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
