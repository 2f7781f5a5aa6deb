/**
 * What the probe image is built from besides its Dockerfile, as named build contexts: Node, and the one module that the
 * probe agent needs. With a registry, Node comes from its official image; offline it is the binary that runs this program.
 */
import { existsSync } from 'node:fs';
import { cp, copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureError } from '../../base/failure.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { inOwnFolder, ownPath } from '../lab-host/own-files.ts';
import { sh } from './shell.ts';

const NODE_IMAGE = 'node:24-bookworm-slim';
const MODULES = 'agent-modules';
const OURS = path.resolve(import.meta.dirname, '../../../node_modules');
/** The module that the agent needs. Part of it is compiled, for each kind of machine. */
const MODULE = 'koffi';
const compiledFor = (arch: string): string => `@koromix/koffi-linux-${arch}`;
const INSTALL_MS = 120_000;

export interface ProbeContexts extends AsyncDisposable {
  /** The arguments for `docker buildx build`. */
  arguments: string[];
}

/** What the image is named by, besides its Dockerfile. */
export async function agentModules(): Promise<string> {
  const { version } = JSON.parse(await readFile(path.join(OURS, MODULE, 'package.json'), 'utf8')) as {
    version: string;
  };
  return `${MODULE}@${version}`;
}

/** @param arch The architecture of the engine's machine, in Node's words. */
export async function probeContexts(images: ImageSource, arch: string): Promise<ProbeContexts> {
  const folder = ownPath('-probe');
  const modules = path.join(folder, 'modules');
  await putModules(modules, arch);
  const contexts = ['--build-context', `${MODULES}=${modules}`];
  if (images !== 'registry') {
    if (process.platform !== 'linux' || process.arch !== arch)
      throw new InfrastructureError(
        `no image registry is in reach, and the Node of this machine (${process.platform} ${process.arch}) does not run on the engine's (linux ${arch})`,
      );
    const node = path.join(folder, 'node');
    await mkdir(path.join(node, 'usr/local/bin'), { recursive: true });
    await copyFile(process.execPath, path.join(node, 'usr/local/bin/node'));
    contexts.push('--build-context', `${NODE_IMAGE}=${node}`);
  }
  return { arguments: contexts, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Installs the module for the engine's machine. This one may run another system, or Node for another architecture (Rosetta). */
async function putModules(target: string, arch: string): Promise<void> {
  const needed = [MODULE, compiledFor(arch)];
  if (process.platform === 'linux' && needed.every((name) => existsSync(path.join(OURS, name)))) {
    for (const name of needed) await cp(path.join(OURS, name), path.join(target, name), { recursive: true });
    return;
  }
  const install = ['npm', 'install', '--no-save', '--ignore-scripts', '--os=linux', '--libc=glibc', `--cpu=${arch}`];
  await inOwnFolder(async (prefix) => {
    await sh([...install, '--prefix', prefix, await agentModules()], { timeoutMs: INSTALL_MS });
    for (const name of needed)
      await cp(path.join(prefix, 'node_modules', name), path.join(target, name), { recursive: true });
  });
}
