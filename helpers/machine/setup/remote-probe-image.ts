/** Brings the probe agent's image to an engine on another machine. */
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { UsageError } from '../../base/failure.ts';
import { ensureEngine } from './engine.ts';
import { imageExists } from './image-exists.ts';
import { ensureProbeImage, probeImageName } from './probe-image.ts';
import { say } from './say.ts';

/**
 * @param arch The machine's architecture, as its engine calls it.
 * @returns the image's name.
 * @throws {UsageError} when the image that can be made here would not run there.
 */
export async function provideProbeImage(remote: Docker, arch: string, machine: string): Promise<string> {
  const name = await probeImageName();
  if (await imageExists(remote, name)) return name;
  const { docker } = await ensureEngine();
  const image = docker.getImage(await ensureProbeImage(docker));
  const { Architecture } = await image.inspect();
  if (Architecture !== arch)
    throw new UsageError(
      `${machine} is ${arch} and this machine is ${Architecture}: run netgrade on a machine like that one`,
    );
  say(`copying the probe agent's image to ${machine}, once: this takes a minute …`);
  const loaded = await remote.loadImage(await image.get());
  loaded.resume();
  await finished(loaded); // the stream ends when the engine has loaded the image
  return name;
}
