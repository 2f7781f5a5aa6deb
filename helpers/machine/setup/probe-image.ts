/** The image that the probe agent runs on; see images/probe/Dockerfile. */
import path from 'node:path';
import type Docker from 'dockerode';
import { digestOf } from '../../base/digest.ts';
import { nodeArchitecture } from '../lab-host/engine-kind.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { build } from './docker-plugins.ts';
import { baseImage, imageSource } from './base-image.ts';
import { imageExists } from './image-exists.ts';
import { agentModules, probeContexts } from './probe-contexts.ts';
import { say } from './say.ts';

const FOLDER = path.resolve(import.meta.dirname, '../../../images/probe');
const BUILD_MS = 900_000;

/** The image's name, which contains a digest of everything that the image is made from. */
export async function probeImageName(): Promise<string> {
  return `netgrade/probe:${await digestOf([FOLDER], await agentModules())}`;
}

/**
 * Makes the image if it is missing.
 *
 * @param sourceOf Says where images come from. It is called only if the image has to be made.
 * @returns its name.
 */
export async function ensureProbeImage(
  docker: Docker,
  sourceOf: () => Promise<ImageSource> = () => imageSource(docker),
): Promise<string> {
  const name = await probeImageName();
  if (await imageExists(docker, name)) return name;
  say('preparing the image of the probe agent, once: this takes a minute …');
  const images = await sourceOf();
  await baseImage(docker, images);
  await using contexts = await probeContexts(images, nodeArchitecture(await docker.version()));
  await build([...contexts.arguments, '--tag', name, FOLDER], BUILD_MS);
  return name;
}
