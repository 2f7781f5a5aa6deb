/** Decides how a lab's folder is deployed. There are several ways, in a fixed order; the first that fits is taken. */
import path from 'node:path';
import { nothingFound, severalFound } from './advice.ts';
import { namesProject, saysProject } from './compose-file.ts';
import { ManifestError, type Manifest } from './manifest.ts';
import { rolesNamed } from './roles.ts';
import { COMPOSE_FILES, findStart, pathOf, SCRIPT, type Start } from './starts.ts';
import type { Submission } from './submission.ts';
import { fileCalled, levelsOf } from './tree.ts';

export { COMPOSE_FILES, SCRIPT };
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
  /** Of a Compose file that Compose does not find by itself: the file that goes with it, relative to `directory`. */
  override?: string;
  /** The name of Compose's project, where Compose cannot make one of the folder's name. */
  project?: string;
  /** One script for each machine, if there are several machines. Then there is no `file`. */
  scripts?: string[];
  roles: Record<string, string>;
  timeoutMs: number;
  /** Why it is deployed in this way: the rest of a sentence that begins with "because". */
  why: string;
  /** What of the submission was not read literally, each a sentence for the student. */
  notes: string[];
}

/** Why nothing can be deployed, for the student. */
export interface Undeployable {
  how: 'none';
  reason: string;
}

/** What a lab wants to be deployed. */
export interface Wanted {
  lab?: string;
  machines?: number;
  /** The names of its roles; where they are not known, roles are taken as submission.yaml has them. */
  roles?: string[];
}

/** Decides how a submission is deployed. */
export function deploymentOf(submission: Submission, wanted: Wanted = {}): Deployment | Undeployable {
  const { manifest } = submission;
  if ('problem' in manifest) return { how: 'none', reason: manifest.problem };
  return orWhyNot(() => {
    const common = commonOf(submission, manifest, wanted);
    if ((wanted.machines ?? 1) > 1) return decideForEach(submission, manifest, common);
    if (manifest.deploy === 'live')
      return { how: 'live', directory: '.', ...common, why: `${manifest.from ?? ''} says "deploy: live"` };
    const start = startOf(submission, manifest);
    return 'reason' in start ? start : deploymentBy(start, submission, common, wanted.lab ?? 'lab');
  });
}

/** On a live host nothing is deployed. Only the roles are taken from the submission, if there is one. */
export function liveDeployment(
  submission: Submission | undefined,
  wanted: Pick<Wanted, 'roles'> = {},
): Deployment | Undeployable {
  const manifest = submission?.manifest ?? { roles: {} };
  if ('problem' in manifest) return { how: 'none', reason: manifest.problem };
  return orWhyNot(() => ({
    how: 'live',
    directory: '.',
    ...commonOf(submission, manifest, wanted),
    why: 'what runs is graded as it is',
  }));
}

function orWhyNot(decide: () => Deployment | Undeployable): Deployment | Undeployable {
  try {
    return decide();
  } catch (error) {
    if (error instanceof ManifestError) return { how: 'none', reason: error.message };
    throw error;
  }
}

type Common = Pick<Deployment, 'roles' | 'timeoutMs' | 'notes'>;

function commonOf(submission: Submission | undefined, manifest: Manifest, { roles: known = [] }: Wanted): Common {
  const { timeout = DEFAULT_TIMEOUT } = manifest;
  const { roles, notes } = rolesNamed(manifest, known.length > 0 ? known : undefined);
  return { roles, timeoutMs: timeout * 1000, notes: [...(submission?.notes ?? []), ...notes] };
}

function startOf(submission: Submission, manifest: Manifest): Start | Undeployable {
  const { deploy, file, from = '' } = manifest;
  const only = deploy === 'live' ? undefined : deploy;
  if (file !== undefined) return namedStart(submission, file, only, from);
  const found = findStart(submission, only);
  if (found === undefined) return { how: 'none', reason: nothingFound(submission, only) };
  return 'several' in found ? { how: 'none', reason: severalFound(found.several) } : found;
}

/** @param from The submission.yaml that names the file: the name is relative to its folder. */
function namedStart(
  { entries }: Submission,
  file: string,
  deploy: Start['how'] | undefined,
  from: string,
): Start | Undeployable {
  const files = entries.filter(({ kind }) => kind === 'file').map(({ name }) => name);
  const places = [path.posix.join(path.posix.dirname(from), file), file].map((each) => path.posix.normalize(each));
  const there = places.map((place) => fileCalled(files, [place])).find((each) => each !== undefined);
  const likely = places.map((place) => fileCalled(files, [place.toLowerCase()])).find((each) => each !== undefined);
  const found = there ?? likely;
  if (found === undefined)
    return { how: 'none', reason: `${from} names the file "${file}", which is not in the submission` };
  const how = deploy ?? (/\.sh$/i.test(found) ? 'script' : 'compose');
  const { dir, base } = path.posix.parse(found);
  return { how, directory: dir || '.', file: base, isNamed: true, why: `${from} says "file: ${file}"` };
}

function deploymentBy(start: Start, submission: Submission, common: Common, lab: string): Deployment {
  const { how, directory, file, override, isNamed = false } = start;
  const project = projectFor(start, submission, lab);
  // Compose finds its own names, and then also looks for override files and takes what .env says.
  const isFoundByCompose = how === 'compose' && COMPOSE_FILES.includes(file) && !isNamed;
  return {
    how,
    directory,
    ...(!isFoundByCompose && { file }),
    ...(override !== undefined && { override }),
    ...(project !== undefined && { project }),
    ...common,
    why: start.why,
  };
}

/** @returns a name for Compose's project where Compose could make none of a folder's name, e.g. of one in Hebrew. */
function projectFor({ how, directory, file }: Start, { entries, texts }: Submission, lab: string): string | undefined {
  const files = how === 'compose' ? [pathOf({ directory, file })] : composeFilesIn(entries);
  const isNameless = files.some((each) => {
    const folder = path.posix.basename(path.posix.dirname(each));
    const text = texts.find((known) => known.file === each)?.text ?? '';
    return folder !== '.' && !namesProject(folder) && !saysProject(text);
  });
  return isNameless ? lab : undefined;
}

function composeFilesIn(entries: Submission['entries']): string[] {
  return levelsOf(entries).flatMap((level) =>
    level.flatMap(({ name, files }) =>
      files
        .filter((file) => COMPOSE_FILES.includes(file.toLowerCase()))
        .map((file) => pathOf({ directory: name, file })),
    ),
  );
}

function decideForEach(submission: Submission, manifest: Manifest, common: Common): Deployment | Undeployable {
  const { deploy, file, from = '' } = manifest;
  if (file !== undefined || (deploy !== undefined && deploy !== 'script')) {
    return {
      how: 'none',
      reason: `${from}: this lab is deployed by ${MACHINE_SCRIPTS.join(' and ')}; leave out deploy and file`,
    };
  }
  for (const level of levelsOf(submission.entries)) {
    const some = level.filter(({ files }) => MACHINE_SCRIPTS.some((script) => fileCalled(files, [script])));
    const [folder, ...others] = some;
    if (folder === undefined) continue;
    if (others.length > 0)
      return { how: 'none', reason: severalFound(some.map(({ name }) => path.posix.join(name, MACHINE_SCRIPTS[0]!))) };
    const scripts = MACHINE_SCRIPTS.map((script) => fileCalled(folder.files, [script]));
    const missing = MACHINE_SCRIPTS.filter((_, i) => scripts[i] === undefined);
    if (missing.length > 0) return withoutScripts(missing);
    return {
      how: 'script',
      directory: folder.name,
      scripts: scripts.filter((each) => each !== undefined),
      ...common,
      why: 'this lab has a script for each machine',
    };
  }
  return withoutScripts(MACHINE_SCRIPTS);
}

function withoutScripts(missing: string[]): Undeployable {
  return { how: 'none', reason: `this lab needs a script for each machine: there is no ${missing.join(' and no ')}` };
}
