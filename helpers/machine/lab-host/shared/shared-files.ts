/**
 * Whether the engine's containers see this machine's files. A submission is brought up from a folder of this machine, and
 * `./site.conf:/etc/nginx/conf.d/default.conf` mounts a file of it. An engine in a virtual machine sees only the folders that
 * are shared with it; in place of all others it mounts new, empty ones, and the submission would fail through no fault of
 * its own.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { InfrastructureError } from '../../../base/failure.ts';
import { ownLabels } from '../labels.ts';
import { AT_HOME, ownPath } from '../own-files.ts';

const MARK = 'netgrade-mark';

interface Info {
  Name?: string;
  KernelVersion?: string;
  OperatingSystem?: string;
}

/** Whether an engine may run on another machine than this process, by what it says of its machine (`GET /info`). */
export function mayBeElsewhere(
  { Name, KernelVersion, OperatingSystem = '' }: Info,
  here = { name: os.hostname(), kernel: os.release(), platform: process.platform as string },
): boolean {
  // Inside Windows, Docker Desktop has the same kernel and other files.
  const isDesktop = OperatingSystem.includes('Docker Desktop');
  return here.platform !== 'linux' || isDesktop || Name !== here.name || KernelVersion !== here.kernel;
}

/**
 * Makes a folder for submissions.
 *
 * @param image Any that is on the engine and has the command `test`.
 * @returns a folder whose files the engine's containers see, if there is one among the usual places.
 * @throws {InfrastructureError} when there is none.
 */
export async function sharedWorkplace(docker: Docker, image: string): Promise<string> {
  const first = ownPath();
  await mkdir(first, { mode: 0o700 });
  if (!mayBeElsewhere((await docker.info()) as Info) || (await isSeen(docker, image, first))) return first;
  await rm(first, { recursive: true });
  // Every virtual machine that is made for Docker has the home folder, unless somebody has changed that.
  await mkdir(AT_HOME, { recursive: true });
  const second = ownPath('', AT_HOME);
  await mkdir(second, { mode: 0o700 });
  if (await isSeen(docker, image, second)) return second;
  await rm(second, { recursive: true });
  throw new InfrastructureError(
    `the engine's machine sees the files of this one neither in ${os.tmpdir()} nor in ${AT_HOME}, so a submission could mount nothing. Share one of them with it (in its settings; Colima: \`colima start --mount ${AT_HOME}:w\`), or leave out --host local: fresh machines need no shared files`,
  );
}

async function isSeen(docker: Docker, image: string, folder: string): Promise<boolean> {
  await writeFile(path.join(folder, MARK), '');
  try {
    const container = await docker.createContainer({
      Image: image,
      Cmd: ['test', '-f', `/seen/${MARK}`],
      Labels: ownLabels(),
      HostConfig: { Binds: [`${folder}:/seen:ro`], NetworkMode: 'none' },
    });
    try {
      await container.start();
      const { StatusCode } = (await container.wait()) as { StatusCode: number };
      return StatusCode === 0;
    } finally {
      await container.remove({ force: true });
    }
  } catch (error) {
    // Docker Desktop refuses to mount what is not shared.
    if ((error as { statusCode?: number }).statusCode !== undefined) return false;
    throw error;
  } finally {
    await rm(path.join(folder, MARK), { force: true });
  }
}
