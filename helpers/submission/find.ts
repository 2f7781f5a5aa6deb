/** Finds students' submissions in a folder and says which labs of which student are there. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { filesIn, foldersIn, hasALab, isOfALab } from './look-in.ts';
import type { Place } from './place.ts';
import type { Submitter } from './platforms/download.ts';
import { inRepository } from './repository.ts';

/** The examples that come with netgrade. They are graded only when there is nothing else, or when named. */
const EXAMPLE = /^example-/;

export interface Student {
  name: string;
  /** Lab name → where it is, for every known lab that was handed in. */
  labs: Map<string, Place>;
  /** Folders that are not named after a lab, e.g. because the name is misspelt. */
  unknown: string[];
  /** Set when there is nothing at all of what is asked for: why that is so, the rest of a sentence. */
  nothing?: string;
  /** The student's own folder; absent where it is not known, or is the lab's. */
  folder?: string;
  /** How the learning platform knows who handed this in. */
  submitter?: Submitter;
  /** Of a group: whose work it is, and how the learning platform knows each of them who handed something in. */
  members?: string[];
  submitters?: ReadonlyMap<string, Submitter>;
}

export interface Wanted {
  /** Names given on the command line; empty means all. */
  students: string[];
  /** Labs given on the command line; empty means all that are known. */
  labs: string[];
  knownLabs: string[];
  /** The student's name when the folder is one submission. */
  student?: string;
  /** Folders with what the course gives out: these files alone are no work. */
  given?: string[];
}

/**
 * Finds the students in `root`, whichever of three shapes it has: a folder per student with a folder per lab, one
 * student's folder with a folder per lab, or a single lab's folder.
 *
 * @throws {UsageError} when there is nothing, or a named student is not there.
 */
export function findStudents(root: string, wanted: Wanted): Student[] {
  if (!isFolder(root)) throw new UsageError(`there is no folder ${root}; name another one with --submissions DIR`);
  const single =
    wanted.student === undefined
      ? (oneSubmission(root, wanted) ?? oneStudent(root, wanted))
      : theirs(root, wanted.student, wanted);
  if (single !== undefined) {
    const stranger = wanted.students.find((name) => name !== single.name);
    if (stranger === undefined) return [single];
  }
  const students = foldersIn(root).map((name) => studentIn(path.join(root, name), name, wanted.knownLabs));
  if (wanted.students.length > 0) return [...new Set(wanted.students)].map((name) => named(name, students, root));
  const chosen = withoutExamples(students, ({ name }) => name);
  if (chosen.length === 0)
    throw new UsageError(`no submissions in ${root}: it needs a folder per student, with a folder per lab`);
  return chosen;
}

export function isExample(name: string): boolean {
  return EXAMPLE.test(name);
}

/** Leaves out the examples that come with netgrade, unless there is nothing else. @param nameOf Whose each item is. */
export function withoutExamples<T>(items: T[], nameOf: (item: T) => string): T[] {
  const real = items.filter((item) => !isExample(nameOf(item)));
  return real.length > 0 ? real : items;
}

/**
 * Takes everything in `root` as the work of the one named student; if there is nothing but a folder with a folder per lab,
 * what is in that one.
 *
 * @throws {UsageError} when `root` has a folder per student: then the folders' names say whose each submission is.
 */
function theirs(root: string, student: string, wanted: Wanted): Student {
  const hasLabs = (folder: string): boolean => foldersIn(folder).some((name) => wanted.knownLabs.includes(name));
  if (hasLabs(root) || filesIn(root).some(isOfALab)) return inRepository(root, student, wanted);
  const [first, ...others] = foldersIn(root).filter((name) => hasLabs(path.join(root, name)));
  if (others.length > 0)
    throw new UsageError(
      `--student says whose the one submission in a folder is, but ${root} has a folder per student (e.g. ${first}); leave it out, and name whom you want graded: npm run grade -- ${first}`,
    );
  return inRepository(first === undefined ? root : path.join(root, first), student, wanted);
}

function named(name: string, students: Student[], root: string): Student {
  const student = students.find((each) => each.name === name);
  if (student !== undefined) return student;
  const there = students.map((each) => each.name).join(', ');
  throw new UsageError(`no student "${name}" in ${root}; there ${there === '' ? 'is nobody' : `are: ${there}`}`);
}

/** `root` holds a lab's files themselves. */
function oneSubmission(root: string, wanted: Wanted): Student | undefined {
  if (!filesIn(root).some(isOfALab) && !isFolderOfLab(root, wanted.knownLabs)) return undefined;
  const base = path.basename(path.resolve(root));
  const [only, ...others] = wanted.labs;
  const lab = only !== undefined && others.length === 0 ? only : [base].find((name) => wanted.knownLabs.includes(name));
  if (lab === undefined) {
    throw new UsageError(
      `${root} is one submission; say for which lab with --lab (one of ${wanted.knownLabs.join(', ')})`,
    );
  }
  const student = lab === base ? path.basename(path.dirname(path.resolve(root))) : base;
  return { name: student, labs: new Map([[lab, root]]), unknown: [] };
}

/** A folder that is called as a lab, and has what could be deployed: a script of any name, an archive, or sub-folders with such. */
function isFolderOfLab(root: string, knownLabs: string[]): boolean {
  if (!knownLabs.includes(path.basename(path.resolve(root)))) return false;
  const hasLabs = foldersIn(root).some((name) =>
    foldersIn(path.join(root, name)).some((lab) => knownLabs.includes(lab)),
  );
  return !hasLabs && hasALab(root);
}

/** `root` holds the folders of one student's labs. */
function oneStudent(root: string, wanted: Wanted): Student | undefined {
  if (!foldersIn(root).some((name) => wanted.knownLabs.includes(name))) return undefined;
  return studentIn(root, path.basename(path.resolve(root)), wanted.knownLabs);
}

function studentIn(folder: string, name: string, knownLabs: string[]): Student {
  const inside = foldersIn(folder);
  return {
    name,
    folder,
    labs: new Map(knownLabs.filter((lab) => inside.includes(lab)).map((lab) => [lab, path.join(folder, lab)])),
    unknown: inside.filter((lab) => !knownLabs.includes(lab)),
  };
}

function isFolder(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false })?.isDirectory() === true;
}
