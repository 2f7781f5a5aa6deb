/**
 * Finds what a student would start: a Compose file or a script. It is looked for in the lab's folder, then level by level in its
 * sub-folders, until a level has something.
 */
import path from 'node:path';
import type { Entry } from './contents.ts';
import { composeNeeds } from './compose-file.ts';
import { scriptFacts, type ScriptFacts } from './script.ts';
import { fileCalled, isIn, levelsOf, type Folder, type Text } from './tree.ts';

/** In the order in which Docker Compose itself looks for them (compose-go 2.x, cli/options.go). */
export const COMPOSE_FILES = ['compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'];
const OVERRIDES = [
  'compose.override.yml',
  'compose.override.yaml',
  'docker-compose.override.yml',
  'docker-compose.override.yaml',
];
export const SCRIPT = 'run.sh';
const A_SCRIPT = /\.sh$/i;
const DOCKERFILE = /(^|\.)dockerfile(\.|$)/i;

export interface Start {
  how: 'compose' | 'script';
  /** Relative to the lab's folder. */
  directory: string;
  /** Its own name, also where Compose finds it by itself. */
  file: string;
  /** Of a Compose file that Compose does not find by itself: the file that goes with it. */
  override?: string;
  /** submission.yaml names it. */
  isNamed?: true;
  /** Why it was chosen: the rest of a sentence that begins with "because". */
  why: string;
  /** Nothing says that it starts anything; it counts if there is nothing better. */
  doubtful?: true;
}

/** What was found: one thing, or the paths of several of which nobody knows which is meant. */
export type Found = Start | { several: string[] } | undefined;

interface Where {
  entries: Entry[];
  texts: Text[];
}

/** @param only What it has to be, if submission.yaml says so. @param below The folder to look in. */
export function findStart({ entries, texts }: Where, only?: Start['how'], below = '.'): Found {
  const doubtful: Start[] = [];
  for (const level of levelsOf(entries)) {
    const found = level.filter(({ name }) => isIn(name, below)).flatMap((folder) => startsIn(folder, texts, only));
    const sure = found.filter((each) => each.doubtful === undefined);
    if (sure.length > 0) return oneOf(sure);
    doubtful.push(...found);
  }
  return oneOf(doubtful);
}

function oneOf(starts: Start[]): Found {
  const [first, ...others] = starts;
  if (first === undefined || others.length === 0) return first;
  return { several: starts.map(pathOf) };
}

export function pathOf({ directory, file }: Pick<Start, 'directory' | 'file'>): string {
  return path.posix.join(directory, file);
}

function startsIn(folder: Folder, texts: Text[], only: Start['how'] | undefined): Start[] {
  const compose = only === 'script' ? undefined : composeIn(folder);
  const scripts = only === 'compose' ? [] : scriptsIn(folder, texts);
  const run = scripts.find(({ file }) => file.toLowerCase() === SCRIPT);
  const isOfAnImage = folder.files.some((file) => DOCKERFILE.test(file));
  // What an image starts in its container is no script for the host, though it may be called run.sh.
  const isInside = run !== undefined && folder.name !== '.' && isOfAnImage && !run.facts.makes;
  if (run !== undefined && !isInside && (compose === undefined || run.facts.callsCompose))
    return [
      script(folder, run.file, run.facts.callsCompose ? `${run.file} calls Compose itself` : `there is ${run.file}`),
    ];
  if (compose !== undefined) return [preparing(folder, compose, scripts, texts) ?? compose];
  return otherScripts(folder, scripts, isOfAnImage);
}

interface Script {
  file: string;
  facts: ScriptFacts;
}

function scriptsIn({ name, files }: Folder, texts: Text[]): Script[] {
  return files
    .filter((file) => A_SCRIPT.test(file) && !file.startsWith('.'))
    .map((file) => ({ file, facts: scriptFacts(path.posix.join(name, file), texts) }));
}

function script({ name }: Folder, file: string, why: string): Start {
  return { how: 'script', directory: name, file, why };
}

function composeIn({ name, files }: Folder): Start | undefined {
  const file = fileCalled(files, COMPOSE_FILES);
  if (file === undefined) return undefined;
  const all = files.filter((each) => COMPOSE_FILES.includes(each.toLowerCase()));
  const override = COMPOSE_FILES.includes(file) ? undefined : fileCalled(files, OVERRIDES);
  return {
    how: 'compose',
    directory: name,
    file,
    ...(override !== undefined && { override }),
    why: all.length === 1 ? `there is ${file}` : `of ${all.join(' and ')}, Compose takes ${file}`,
  };
}

/** The script that makes what the Compose file takes as there, and then calls Compose. */
function preparing(folder: Folder, compose: Start, scripts: Script[], texts: Text[]): Start | undefined {
  const text = texts.find(({ file }) => file === pathOf(compose))?.text ?? '';
  const missing = composeNeeds(text);
  // What a variable stands for, e.g. in a loop, is not known: it may be what is missing.
  const fits = (name: string): boolean => missing.includes(name) || (name.startsWith('$') && missing.length > 0);
  const fitting = scripts.filter(({ facts }) => facts.callsCompose && facts.prepares.some(fits));
  const [only, ...others] = fitting;
  if (only === undefined || others.length > 0) return undefined;
  return script(folder, only.file, `${only.file} makes what ${compose.file} takes as there, and calls Compose itself`);
}

/** Scripts of other names: the one that starts containers; or else, as a doubtful one, the only one. */
function otherScripts(folder: Folder, scripts: Script[], isOfAnImage: boolean): Start[] {
  const starting = withoutCalled(
    scripts.filter(({ facts }) => facts.starts),
    folder,
  );
  const why = (file: string, more: string): string =>
    scripts.length === 1 ? `${file} is the only script` : `${file} is the only script that ${more}`;
  if (starting.length > 0)
    return [...starting, ...neededBefore(starting, scripts)].map(({ file }) =>
      script(folder, file, why(file, 'starts containers')),
    );
  const making = scripts.filter(({ facts }) => facts.makes);
  const rest = making.length > 0 ? making : isOfAnImage ? [] : scripts;
  return rest.map(({ file }) => ({ ...script(folder, file, why(file, 'makes something')), doubtful: true }));
}

/** Scripts that make what those that start containers name, and do not make themselves: networks, images. */
function neededBefore(starting: Script[], scripts: Script[]): Script[] {
  const missing = starting.flatMap(({ facts: { names, prepares } }) =>
    names.filter((name) => !prepares.includes(name)),
  );
  return scripts.filter(
    (each) => !starting.includes(each) && each.facts.prepares.some((name) => missing.includes(name)),
  );
}

/** Leaves out scripts that another one of them calls. */
function withoutCalled(scripts: Script[], { name }: Folder): Script[] {
  const isCalled = ({ file }: Script): boolean =>
    scripts.some((other) => other.file !== file && other.facts.calls.includes(path.posix.join(name, file)));
  return scripts.filter((each) => !isCalled(each));
}
