/**
 * Where the lab host's image gets Node from, to run the probe agent. With a registry: the official Node image. Offline:
 * a build context of the same name, with the binary that runs this very program.
 */
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { ImageSource } from '../lab-host/lab-host.ts';

const NODE_IMAGE = 'node:24-bookworm-slim';

export interface NodeContext extends AsyncDisposable {
  /** For `docker buildx build`. */
  arguments: string[];
}

export async function nodeContext(images: ImageSource): Promise<NodeContext> {
  if (images === 'registry') return { arguments: [], [Symbol.asyncDispose]: () => Promise.resolve() };
  const folder = await mkdtemp(path.join(os.tmpdir(), 'netgrade-node-'));
  await mkdir(path.join(folder, 'usr/local/bin'), { recursive: true });
  await copyFile(process.execPath, path.join(folder, 'usr/local/bin/node'));
  return {
    arguments: ['--build-context', `${NODE_IMAGE}=${folder}`],
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
