/** Decides how a lab's folder is deployed. There are several ways, in a fixed order; the first that fits is taken. */
import path from 'node:path';
import type { Entry } from './contents.ts';
import { MANIFEST, type Manifest } from './manifest.ts';
import type { Submission } from './submission.ts';

/** In the order in which Docker Compose itself looks for them. */
export const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yaml', 'docker-compose.yml'];
export const SCRIPT = 'run.sh';
/** The scripts for a lab on two machines; the first is for the first machine. */
export const MACHINE_SCRIPTS = ['host1.sh', 'host2.sh'];
/** Seconds. Building images counts; pulling them does not. */
const DEFAULT_TIMEOUT = 300;

export interface Deployment {
  how: 'compose' | 'script' | 'live';
  /** The working directory, relative to the lab's folder. */
  directory: string;
  /** The file, relative to `directory`. Absent for `live`, and for `compose` when Docker Compose finds the file by itself. */
  file?: string;
  /** One script for each machine, if there are several machines. Then there is no `file`. */
  scripts?: string[];
  roles: Record<string, string>;
  timeoutMs: number;
}

/** Why nothing can be deployed, for the student. */
export interface Undeployable {
  how: 'none';
  reason: string;
}

/** Decides how a submission is deployed on this number of machines. */
export function deploymentOf({ entries, manifest }: Submission, machines = 1): Deployment | Undeployable {
  if ('problem' in manifest) return { how: 'none', reason: manifest.problem };
  return machines > 1 ? decideForEach(entries, manifest) : decide(entries, manifest);
}

/** On a live host nothing is deployed. Only the roles are taken from the submission, if there is one. */
export function liveDeployment(submission: Submission | undefined): Deployment | Undeployable {
  const manifest = submission?.manifest ?? { roles: {} };
  if ('problem' in manifest) return { how: 'none', reason: manifest.problem };
  return { how: 'live', directory: '.', ...common(manifest) };
}

function common({ roles, timeout = DEFAULT_TIMEOUT }: Manifest): Pick<Deployment, 'roles' | 'timeoutMs'> {
  return { roles, timeoutMs: timeout * 1000 };
}

function decide(entries: Entry[], manifest: Manifest): Deployment | Undeployable {
  const { deploy, file } = manifest;
  if (deploy === 'live') return { how: 'live', directory: '.', ...common(manifest) };
  if (file !== undefined) {
    if (!hasFile(entries, file)) {
      return { how: 'none', reason: `${MANIFEST} names the file "${file}", which is not in the submission` };
    }
    const how = deploy ?? (file.endsWith('.sh') ? 'script' : 'compose');
    return { how, directory: path.posix.dirname(file), file: path.posix.basename(file), ...common(manifest) };
  }
  if (deploy !== 'script') {
    const directory = composeDirectory(entries);
    if (directory !== undefined) return { how: 'compose', directory, ...common(manifest) };
  }
  if (deploy !== 'compose' && hasFile(entries, SCRIPT))
    return { how: 'script', directory: '.', file: SCRIPT, ...common(manifest) };
  return nothingToDeploy(entries, manifest);
}

function nothingToDeploy(entries: Entry[], { deploy }: Manifest): Undeployable {
  const looked = [
    ...(deploy === 'script' ? [] : [`${COMPOSE_FILES.join(', ')} (here or in the single sub-folder)`]),
    ...(deploy === 'compose' ? [] : [SCRIPT]),
  ];
  const found = visibleIn(entries).map(({ name }) => name);
  return {
    how: 'none',
    reason: `nothing to deploy: looked for ${MANIFEST}, ${looked.join(', ')}; found ${found.length > 0 ? found.slice(0, 10).join(', ') : 'an empty folder'}`,
  };
}

function decideForEach(entries: Entry[], manifest: Manifest): Deployment | Undeployable {
  const { deploy, file } = manifest;
  if (file !== undefined || (deploy !== undefined && deploy !== 'script')) {
    return {
      how: 'none',
      reason: `${MANIFEST}: this lab is deployed by ${MACHINE_SCRIPTS.join(' and ')}; leave out deploy and file`,
    };
  }
  const missing = MACHINE_SCRIPTS.filter((script) => !hasFile(entries, script));
  if (missing.length > 0) {
    return { how: 'none', reason: `this lab needs a script for each machine: there is no ${missing.join(' and no ')}` };
  }
  return { how: 'script', directory: '.', scripts: MACHINE_SCRIPTS, ...common(manifest) };
}

function composeDirectory(entries: Entry[]): string | undefined {
  if (hasComposeFile(entries, '.')) return '.';
  const folders = visibleIn(entries).filter(({ kind }) => kind === 'folder');
  const candidates = folders.filter(({ name }) => hasComposeFile(entries, name));
  // Other sub-folders are allowed, as long as only one has a Compose file.
  return candidates.length === 1 ? candidates[0]?.name : undefined;
}

function hasComposeFile(entries: Entry[], folder: string): boolean {
  return COMPOSE_FILES.some((file) => hasFile(entries, path.posix.join(folder, file)));
}

/** The files and folders at the top that are not hidden. */
function visibleIn(entries: Entry[]): Entry[] {
  return entries.filter(({ name }) => !name.includes('/') && !name.startsWith('.'));
}

/** Whether a submission has a regular file of this name. A link to a file does not count. */
function hasFile(entries: Entry[], file: string): boolean {
  const wanted = path.posix.normalize(file);
  return entries.some(({ kind, name }) => kind === 'file' && name === wanted);
}
