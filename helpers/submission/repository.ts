/**
 * A repository that is one student's work, as on GitHub: a lab's files at its top, in a sub-folder of whatever name, or in a
 * folder for each lab; and beside them what every repository has, such as a README and a licence.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { oneLine } from '../base/inert.ts';
import { TEXT_LIMIT } from '../base/plain-file.ts';
import { isSimilar } from '../base/similar-name.ts';
import type { Student, Wanted } from './find.ts';
import { filesIn, foldersIn, hasALab, isOfALab } from './look-in.ts';

/** What a repository has whatever it is for. */
const EVERYBODYS = /^(readme|licen[cs]e|copying|notice|authors|contributing|code_of_conduct|security|changelog)\b/i;
/** Folders and kinds of files that explain something to people. */
const EXPLAINING_FOLDER = /^(docs?|images?|img|assets|media)$/i;
const EXPLAINING_FILE = /\.(md|markdown|rst|adoc|txt|html?|css|pdf|png|jpe?g|gif|svg|webp|drawio|mp4)$/i;
const MOST_NAMED = 10;

/**
 * Finds the labs in a student's repository. When one lab is asked for, the whole repository is that lab, unless it has a
 * folder for it.
 *
 * @throws {UsageError} when there is a lab, and nothing says which one it is.
 */
export function inRepository(root: string, student: string, wanted: Wanted): Student {
  const { labs: asked, knownLabs, given = [] } = wanted;
  const [only, ...more] = asked;
  const lab = only !== undefined && more.length === 0 ? only : calledAs(root, knownLabs);
  const top = foldersIn(root);
  const found = labFolders(root, top, knownLabs);
  const unknown = top.filter((name) => !found.values().some((folder) => folder === path.join(root, name)));
  if (!hasWork(root, givenFiles(given))) return { name: student, labs: new Map(), unknown, nothing: onlyThese(root) };
  const place = lab === undefined ? undefined : placeOf(root, unknown, found);
  if (lab !== undefined && place !== undefined && (place === root || !found.has(lab))) found.set(lab, place);
  if (found.size === 0 && asked.length === 0 && hasALab(root))
    throw new UsageError(`${root} is one submission; say for which lab with --lab (one of ${knownLabs.join(', ')})`);
  const isThere = asked.length === 0 ? found.size > 0 : asked.some((name) => found.has(name));
  return { name: student, labs: found, unknown, ...(!isThere && { nothing: somethingElse(top) }) };
}

function calledAs(root: string, knownLabs: string[]): string | undefined {
  return knownLabs.find((name) => name === path.basename(path.resolve(root)));
}

/** Folders that are called as a lab. Case and separators make no difference where one folder is meant. */
function labFolders(root: string, top: string[], knownLabs: string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const lab of knownLabs) {
    const similar = top.filter((name) => !knownLabs.includes(name) && isSimilar(name, lab));
    const folder = top.includes(lab) ? lab : similar.length === 1 ? similar[0] : undefined;
    if (folder !== undefined) found.set(lab, path.join(root, folder));
  }
  return found;
}

/** Where the one lab is that is asked for and has no folder of its name; beside other labs' folders, the only other one. */
function placeOf(root: string, others: string[], labs: Map<string, string>): string | undefined {
  if (labs.size === 0 || filesIn(root).some(isOfALab)) return root;
  const likely = others.map((name) => path.join(root, name)).filter((folder) => hasALab(folder));
  return likely.length === 1 ? likely[0] : undefined;
}

/** What a course gives out: the contents of files, by their names. */
function givenFiles(folders: string[]): Map<string, Buffer[]> {
  const given = new Map<string, Buffer[]>();
  for (const folder of folders.filter((each) => existsSync(each)))
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
      if (entry.isFile())
        given.set(entry.name, [
          ...(given.get(entry.name) ?? []),
          readFileSync(path.join(entry.parentPath, entry.name)),
        ]);
  return given;
}

export function isEverybodys(file: string): boolean {
  return EVERYBODYS.test(file);
}

/** Whether there is a file that the student could have handed in, and not only what the repository began with. */
function hasWork(folder: string, given: Map<string, Buffer[]>, explains = false): boolean {
  const isWork = (file: string): boolean => {
    if (file.startsWith('.') || isEverybodys(file) || (explains && EXPLAINING_FILE.test(file))) return false;
    const place = path.join(folder, file);
    const like = given.get(file);
    return (
      like === undefined || statSync(place).size > TEXT_LIMIT || !like.some((each) => each.equals(readFileSync(place)))
    );
  };
  return (
    filesIn(folder).some(isWork) ||
    foldersIn(folder).some((name) => hasWork(path.join(folder, name), given, explains || EXPLAINING_FOLDER.test(name)))
  );
}

/** Why there is nothing of what is asked for: the rest of a sentence. */
function somethingElse(top: string[]): string {
  return oneLine(`what there is, is not called as the lab: ${listed(top)}`);
}

function listed(names: string[]): string {
  return names.slice(0, MOST_NAMED).join(', ') + (names.length > MOST_NAMED ? ', …' : '');
}

/** Why nothing is handed in: the rest of a sentence. */
function onlyThese(root: string): string {
  const names = readdirSync(root).filter((name) => name !== '.git');
  if (names.length === 0) return 'there is no file at all';
  const submodule = names.includes('.gitmodules')
    ? '; of a submodule nothing is handed in: its files have to be in this repository'
    : '';
  return oneLine(`all there is are files that everybody has: ${listed(names)}${submodule}`);
}
