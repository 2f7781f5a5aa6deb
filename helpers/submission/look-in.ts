/** What is in a folder, by names alone: nothing is read yet. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { ANSWER_FILES } from './answers.ts';
import { isArchive } from './archive/archive.ts';
import { COMPOSE_FILES, MACHINE_SCRIPTS, SCRIPT } from './deployment.ts';
import { MANIFESTS } from './manifest.ts';

/** How many sub-folders deep a lab's folder is looked through to see whether it is one. */
const DEEPEST = 3;

/** Real folders only: a link could lead anywhere on the grading host. */
export function foldersIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => name)
    .sort();
}

/** Regular files, hidden ones included. */
export function filesIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name);
}

/** Whether only a lab's folder has a file of this name. */
export function isOfALab(file: string): boolean {
  const own = [...COMPOSE_FILES, SCRIPT, ...MACHINE_SCRIPTS, ...MANIFESTS, ...ANSWER_FILES];
  return own.includes(file.toLowerCase());
}

/** Whether a folder, or a sub-folder, has what could be graded: a lab's file, a script of any name, or an archive. */
export function hasALab(folder: string, deep = DEEPEST): boolean {
  return (
    filesIn(folder).some((file) => isOfALab(file) || isArchive(file) || /\.sh$/i.test(file)) ||
    (deep > 0 && foldersIn(folder).some((name) => hasALab(path.join(folder, name), deep - 1)))
  );
}
