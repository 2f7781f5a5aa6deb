/** A submission's folders and files as a person looks through them: what no person has made is left out. */
import path from 'node:path';
import type { Entry } from './contents.ts';

/** Folders in which nothing is looked for: what programs put there is not the student's. */
const NOT_LOOKED_IN = ['node_modules', '__MACOSX', '__pycache__', 'site-packages'];
/** A file that every virtual environment of Python has at its top (PEP 405). */
const VIRTUAL_ENVIRONMENT = 'pyvenv.cfg';

export interface Folder {
  /** Relative to the lab's folder; `.` for that one. */
  name: string;
  /** The regular files right in it, by their own names. */
  files: string[];
}

/** A file as far as it matters here. */
export interface Text {
  file: string;
  text: string;
}

/** @returns the folders by their depth: first the lab's folder alone, then those in it, and so on. */
export function levelsOf(entries: Entry[]): Folder[][] {
  const folders = new Map<string, Folder>([['.', { name: '.', files: [] }]]);
  for (const { kind, name } of entries)
    if (kind === 'folder' && isLookedIn(name)) folders.set(name, { name, files: [] });
  for (const { kind, name } of entries)
    if (kind === 'file') folders.get(path.posix.dirname(name))?.files.push(path.posix.basename(name));
  const environments = [...folders.values()].filter(({ files }) => files.includes(VIRTUAL_ENVIRONMENT));
  const looked = [...folders.values()].filter((each) => !environments.some(({ name }) => isIn(each.name, name)));
  const deepest = Math.max(0, ...looked.map(depthOf));
  return Array.from({ length: deepest + 1 }, (_, depth) => looked.filter((folder) => depthOf(folder) === depth));
}

function depthOf({ name }: Folder): number {
  return name === '.' ? 0 : name.split('/').length;
}

function isLookedIn(name: string): boolean {
  return name.split('/').every((part) => !part.startsWith('.') && !NOT_LOOKED_IN.includes(part));
}

/** Whether a folder or file is in a folder, or is that folder. */
export function isIn(name: string, folder: string): boolean {
  return folder === '.' || name === folder || name.startsWith(`${folder}/`);
}

/**
 * The file of one of these names: the first name that is there, by its exact spelling, or else without regard to case.
 *
 * @param names In lower case, in the order of preference.
 */
export function fileCalled(files: string[], names: string[]): string | undefined {
  for (const name of names) {
    const found = files.includes(name) ? name : files.find((file) => file.toLowerCase() === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/**
 * The files of one of these names that lie nearest to the top: none, one, or all of that level.
 *
 * @param names See `fileCalled`.
 */
export function nearestCalled(entries: Entry[], names: string[]): string[] {
  for (const level of levelsOf(entries)) {
    const found = level.flatMap(({ name, files }) =>
      files.filter((file) => names.includes(file.toLowerCase())).map((file) => path.posix.join(name, file)),
    );
    if (found.length > 0) return found;
  }
  return [];
}
