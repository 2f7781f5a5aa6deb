/**
 * What the probe image is built from besides its Dockerfile, as named build contexts: Node, and the one module that the
 * probe agent needs. With a registry, Node comes from its official image; offline it is the binary that runs this program.
 */
import { cp, copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
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

export async function probeContexts(images: ImageSource): Promise<ProbeContexts> {
  const folder = ownPath('-probe');
  const modules = path.join(folder, 'modules');
  await putModules(modules);
  const contexts = ['--build-context', `${MODULES}=${modules}`];
  if (images !== 'registry') {
    const node = path.join(folder, 'node');
    await mkdir(path.join(node, 'usr/local/bin'), { recursive: true });
    await copyFile(process.execPath, path.join(node, 'usr/local/bin/node'));
    contexts.push('--build-context', `${NODE_IMAGE}=${node}`);
  }
  return { arguments: contexts, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** Installs the module for Linux. This machine may run another system (Docker Desktop), but has the engine's architecture. */
async function putModules(target: string): Promise<void> {
  const needed = [MODULE, compiledFor(process.arch)];
  if (process.platform === 'linux') {
    for (const name of needed) await cp(path.join(OURS, name), path.join(target, name), { recursive: true });
    return;
  }
  const install = ['npm', 'install', '--no-save', '--ignore-scripts', '--os=linux', `--cpu=${process.arch}`];
  await inOwnFolder(async (prefix) => {
    await sh([...install, '--prefix', prefix, await agentModules()], { timeoutMs: INSTALL_MS });
    for (const name of needed)
      await cp(path.join(prefix, 'node_modules', name), path.join(target, name), { recursive: true });
  });
}
