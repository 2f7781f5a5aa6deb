/** How a lab's folder is deployed: the first of the contract's ways that matches. */
import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { MANIFEST, ManifestError, readManifest } from './manifest.ts';

/** In the order in which Docker Compose itself looks for them. */
export const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
export const SCRIPT = 'run.sh';
/** For labs on two machines, in this order. */
export const MACHINE_SCRIPTS = ['host1.sh', 'host2.sh'];
/** Seconds: builds included, image pulls not. */
const DEFAULT_TIMEOUT = 300;

export interface Deployment {
  how: 'compose' | 'script' | 'live';
  /** The working directory, relative to the lab's folder. */
  directory: string;
  /** Relative to `directory`; absent for `live`, and for compose when its own look-up finds the file. */
  file?: string;
  /** Instead of `file`: the script for each machine, when there are several. */
  scripts?: string[];
  roles: Record<string, string>;
  timeoutMs: number;
}

/** Why nothing can be deployed, for the student. */
export interface Undeployable {
  how: 'none';
  reason: string;
}

/** Decides how a lab's folder is deployed on so many machines. */
export async function deploymentOf(folder: string, machines = 1): Promise<Deployment | Undeployable> {
  try {
    return machines > 1 ? await decideForEach(folder) : await decide(folder);
  } catch (error) {
    if (error instanceof ManifestError) return { how: 'none', reason: error.message };
    throw error;
  }
}

/** For what is found on a live host: nothing is deployed, only the roles are taken from the folder, if there is one. */
export async function liveDeployment(folder: string | undefined): Promise<Deployment | Undeployable> {
  try {
    const { roles, timeout } = folder === undefined ? { roles: {} } : await readManifest(folder);
    return { how: 'live', directory: '.', roles, timeoutMs: (timeout ?? DEFAULT_TIMEOUT) * 1000 };
  } catch (error) {
    if (error instanceof ManifestError) return { how: 'none', reason: error.message };
    throw error;
  }
}

async function decide(folder: string): Promise<Deployment | Undeployable> {
  const manifest = await readManifest(folder);
  const common = { roles: manifest.roles, timeoutMs: (manifest.timeout ?? DEFAULT_TIMEOUT) * 1000 };
  if (manifest.deploy === 'live') return { how: 'live', directory: '.', ...common };
  if (manifest.file !== undefined) {
    const how = manifest.deploy ?? (manifest.file.endsWith('.sh') ? 'script' : 'compose');
    if (!(await isFile(folder, manifest.file))) {
      return { how: 'none', reason: `${MANIFEST} names the file "${manifest.file}", which is not in the submission` };
    }
    return { how, directory: path.dirname(manifest.file), file: path.basename(manifest.file), ...common };
  }
  if (manifest.deploy !== 'script') {
    const directory = await composeDirectory(folder);
    if (directory !== undefined) return { how: 'compose', directory, ...common };
  }
  if (manifest.deploy !== 'compose') {
    const directory = (await isFile(folder, SCRIPT)) ? '.' : undefined;
    if (directory !== undefined) return { how: 'script', directory, file: SCRIPT, ...common };
  }
  const looked = [
    ...(manifest.deploy === 'script' ? [] : [`${COMPOSE_FILES.join(', ')} (here or in the single sub-folder)`]),
    ...(manifest.deploy === 'compose' ? [] : [SCRIPT]),
  ];
  const found = (await visible(folder)).map(({ name }) => name);
  return {
    how: 'none',
    reason: `nothing to deploy: looked for ${MANIFEST}, ${looked.join(', ')}; found ${found.length > 0 ? found.slice(0, 10).join(', ') : 'an empty folder'}`,
  };
}

async function decideForEach(folder: string): Promise<Deployment | Undeployable> {
  const { roles, timeout, deploy, file } = await readManifest(folder);
  if (file !== undefined || (deploy !== undefined && deploy !== 'script')) {
    return {
      how: 'none',
      reason: `${MANIFEST}: this lab is deployed by ${MACHINE_SCRIPTS.join(' and ')}; leave out deploy and file`,
    };
  }
  const missing: string[] = [];
  for (const script of MACHINE_SCRIPTS) if (!(await isFile(folder, script))) missing.push(script);
  if (missing.length > 0) {
    return { how: 'none', reason: `this lab needs a script for each machine: there is no ${missing.join(' and no ')}` };
  }
  return {
    how: 'script',
    directory: '.',
    scripts: MACHINE_SCRIPTS,
    roles,
    timeoutMs: (timeout ?? DEFAULT_TIMEOUT) * 1000,
  };
}

async function composeDirectory(folder: string): Promise<string | undefined> {
  const entries = await visible(folder);
  if (hasComposeFile(entries)) return '.';
  const folders = entries.filter((entry) => entry.isDirectory());
  const candidates: string[] = [];
  for (const { name } of folders) {
    if (hasComposeFile(await visible(path.join(folder, name)))) candidates.push(name);
  }
  // "Its single sub-folder": others may stand beside it as long as only one can be meant.
  return candidates.length === 1 ? candidates[0] : undefined;
}

function hasComposeFile(entries: Dirent[]): boolean {
  return entries.some((entry) => entry.isFile() && COMPOSE_FILES.includes(entry.name));
}

async function visible(folder: string): Promise<Dirent[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter(({ name }) => !name.startsWith('.')).sort((a, b) => a.name.localeCompare(b.name));
}

/** Whether a file is in the submission: what a link leads to is not, and whether it exists is nobody's business. */
async function isFile(folder: string, file: string): Promise<boolean> {
  const parts = path.posix.normalize(file).split('/');
  for (const [depth, part] of parts.entries()) {
    const entries = await readdir(path.join(folder, ...parts.slice(0, depth)), { withFileTypes: true });
    const entry = entries.find(({ name }) => name === part);
    const isLast = depth === parts.length - 1;
    if (entry === undefined || !(isLast ? entry.isFile() : entry.isDirectory())) return false;
  }
  return true;
}
