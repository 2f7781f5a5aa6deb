/** Which labs are in what one student has handed in: by the names of folders, or because one lab was asked for. */
import { near } from '../../base/near.ts';
import { isSimilar } from '../../base/similar-name.ts';
import { isArchive, stemOf } from '../archive/archive.ts';
import { isOfALab } from '../look-in.ts';
import type { Place } from '../place.ts';
import { isEmpty } from './download.ts';
import type { Listing } from './listing.ts';

/** What a folder is said to be that is no lab. */
export const NO_LAB = 'none';
/** How many sub-folders deep it is looked for something that could be deployed. */
const DEEPEST = 3;
/** Names are cut here before they are compared: it takes time that grows with their product. */
const LONGEST_NAME = 100;

export interface Names {
  knownLabs: string[];
  /** The only lab that is asked for, if it is one. */
  only?: string;
  /** What folders of other names are: a lab, or NO_LAB. */
  called: ReadonlyMap<string, string>;
}

export interface LabsIn {
  labs: Map<string, Place>;
  /** Folders that are no lab by their names. */
  unknown: string[];
  /** Those of them, and archives, that could be deployed. */
  unsure: string[];
  /** All that is there could be deployed as it is: it may be one lab. */
  mayBeOne: boolean;
  /** All there is, is one archive, of which it is said that it is no lab: so it is no student's. */
  isNothing: boolean;
  /** The folder that was taken for the lab that is asked for, though it is called otherwise. */
  taken?: string;
}

/** @param isOfOneLab The platform has one lab in a download: what is there is that lab, or nothing is. */
export function labsIn(files: Listing, { knownLabs, only, called }: Names, isOfOneLab = false): LabsIn {
  const all = partsOf(files);
  const labs = new Map<string, Place>();
  const labOf = ({ name, file }: Part): string | undefined =>
    called.get(file) ?? called.get(name) ?? (knownLabs.includes(name) ? name : undefined);
  for (const part of all) {
    const lab = labOf(part);
    if (lab !== undefined && lab !== NO_LAB && !labs.has(lab)) labs.set(lab, part.files.place());
  }
  const others = all.filter((part) => labOf(part) === undefined && isStartable(part.files));
  const unsure = others.map(({ file }) => file);
  const unknown = files.folders().filter((name) => !knownLabs.includes(name) && !called.has(name));
  const mayBeOne = files.files().some(isOfALab);
  const isNothing = all.length === 1 && isArchive(all[0]!.file) && labOf(all[0]!) === NO_LAB;
  if (only === undefined || labs.has(only)) return { labs, unknown, unsure, mayBeOne, isNothing };
  const whole = (): LabsIn => {
    labs.set(only, files.place());
    return { labs, unknown: [], unsure: [], mayBeOne, isNothing };
  };
  const likely = others.filter(({ name }) => isNearly(name, only));
  if (!mayBeOne && likely.length === 1) {
    labs.set(only, likely[0]!.files.place());
    return { labs, unknown, unsure: [], mayBeOne, isNothing, taken: likely[0]!.file };
  }
  const isOther = ({ name }: Part): boolean => !isNearly(name, only) && knownLabs.some((lab) => isNearly(name, lab));
  if (likely.length === 0 && labs.size === 0 && !isNothing && !mayBeOne) {
    const isSome = others.length > 0 || isStartable(files, 0);
    if (isOfOneLab ? !isEmpty(files) : isSome && !others.some(isOther)) return whole();
  }
  if (mayBeOne) return whole();
  return {
    labs,
    unknown,
    unsure: others.filter((part) => !isOther(part)).map(({ file }) => file),
    mayBeOne,
    isNothing,
  };
}

interface Part {
  /** Without what makes it an archive. */
  name: string;
  file: string;
  files: Listing;
}

function partsOf(files: Listing): Part[] {
  const folders = files.folders().map((file): Part => ({ name: file, file, files: files.within(file) }));
  const archives = files
    .files()
    .filter(isArchive)
    .map((file): Part => ({ name: stemOf(file), file, files: files.pick(new Map([[file, file]])) }));
  return [...folders, ...archives];
}

/** Whether there is something that could be deployed, or answers. */
export function isStartable(files: Listing, deep = DEEPEST): boolean {
  return (
    files.files().some((file) => isOfALab(file) || isArchive(file) || /\.sh$/i.test(file)) ||
    (deep > 0 && files.folders().some((folder) => isStartable(files.within(folder), deep - 1)))
  );
}

/** Whether somebody who means a lab may have called it so. */
export function isNearly(name: string, lab: string): boolean {
  const typed = stemOf(name).slice(0, LONGEST_NAME);
  const bare = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
  if (isSimilar(typed, lab) || bare(typed).includes(bare(lab))) return true;
  // A part of a lab's name is rather a part of the lab: `nginx`, `mongo`.
  return bare(typed).length * 3 >= bare(lab).length * 2 && near(typed, [lab]).length > 0;
}
