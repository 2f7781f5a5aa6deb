/** Finds a class's submissions as they are handed out: by a learning platform, as archives, or as folders. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../base/failure.ts';
import { shellWord } from '../../base/inert.ts';
import { isArchive, stemOf } from '../archive/archive.ts';
import { ArchiveError } from '../archive/raw-member.ts';
import { findStudents, isExample, type Student } from '../find.ts';
import { isOfALab } from '../look-in.ts';
import { canvasDownload } from './canvas.ts';
import { countedPeople, toldApart, type Download, type Person } from './download.ts';
import { gradescopeDownload } from './gradescope.ts';
import { isStartable } from './labs-in.ts';
import { archiveListing, FolderListing, type Listing } from './listing.ts';
import { moodleDownload } from './moodle.ts';
import { repositories } from './repositories.ts';
import { settled, type Asked } from './settled.ts';

/** How many folders in which nothing else is may be around a class's submissions. */
const MOST_AROUND = 2;
const ONE_SUBMISSION = 'one submission';

export interface Found {
  students: Student[];
  /** What was recognised, and what was taken for what, each in one line. */
  said: string[];
  /** Set if it is no class, but one student's own folder or archive: whatever lies beside it may be the student's, too. */
  isOneStudents?: true;
}

/**
 * Finds who has handed in which labs, whatever shape `root` has: see docs/submissions.md.
 *
 * @param root A folder or an archive.
 * @throws {UsageError} when there is nothing, a named student is not there, or it is not sure which lab a folder is.
 */
export async function findClass(root: string, asked: Asked): Promise<Found> {
  const isFile = statSync(root, { throwIfNoEntry: false })?.isFile() === true;
  if (isFile && !isArchive(root)) throw new UsageError(`${root} is no folder, and no archive (.zip, .tar.gz) either`);
  const download = isFile ? await inArchive(root, asked) : await inFolder(root, asked);
  if (download !== undefined) {
    const { people, what, lab } = download;
    const found = settled({ people: who(people, asked, root), isOfOneLab: true, ...(lab && { lab }) }, asked, root, [
      `${what}: ${countedPeople(people)}`,
    ]);
    return what === ONE_SUBMISSION ? { ...found, isOneStudents: true } : found;
  }
  const students = findStudents(root, asked);
  const people = students.flatMap(({ name, folder }): Person[] =>
    folder === undefined ? [] : [{ name, files: new FolderListing(folder) }],
  );
  if (people.length < students.length) return { students, said: [], isOneStudents: true }; // it is one single submission
  const found = settled({ people, isOfOneLab: false }, asked, root, []);
  return students.some(({ folder }) => folder === root) ? { ...found, isOneStudents: true } : found;
}

async function inFolder(root: string, asked: Asked): Promise<Download | undefined> {
  const { knownLabs, student } = asked;
  if (student !== undefined) return undefined; // it is one student's
  const listing = new FolderListing(root);
  const isOne = (name: string): boolean => knownLabs.includes(name) || asked.called.has(name);
  if (listing.files().some(isOfALab) || listing.folders().some(isOne) || isOne(path.basename(root))) return undefined;
  const platform = await ofPlatform(listing, path.basename(root), asked);
  if (platform !== undefined) return platform;
  const archives = listing.files().filter(isArchive);
  if (archives.length === 0) return undefined;
  const folders = listing.folders().filter((name) => !isExample(name));
  if (archives.length === 1 && folders.length === 0) {
    const file = path.join(root, archives[0]!);
    return (
      (await ofClass(await listed(file), stemOf(archives[0]!), asked)) ?? oneEach(root, listing, archives, [], asked)
    );
  }
  return oneEach(root, listing, archives, folders, asked);
}

async function inArchive(file: string, asked: Asked): Promise<Download> {
  const listing = await listed(file);
  const name = stemOf(path.basename(file));
  const whole = await ofClass(listing, name, asked);
  if (whole !== undefined) return whole;
  return { what: ONE_SUBMISSION, people: [{ name: asked.student ?? name, files: listing }] };
}

async function listed(file: string): Promise<Listing> {
  try {
    return await archiveListing(file);
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    throw new UsageError(`${file} ${error.message}`);
  }
}

/** An archive of a whole class, perhaps with folders around everything. */
async function ofClass(listing: Listing, name: string, asked: Asked): Promise<Download | undefined> {
  let [inner, called] = [listing, name];
  for (let around = 0; around <= MOST_AROUND; around++) {
    const found = (await ofPlatform(inner, called, asked, around > 0)) ?? ofFolders(inner, asked);
    if (found !== undefined) return found;
    const [folder, ...others] = inner.folders();
    if (folder === undefined || others.length > 0 || inner.files().length > 0) return undefined;
    [inner, called] = [inner.within(folder), folder];
  }
  return undefined;
}

/** @param isInner A folder around it was looked into before. */
async function ofPlatform(
  listing: Listing,
  name: string,
  { knownLabs }: Pick<Asked, 'knownLabs'>,
  isInner = false,
): Promise<Download | undefined> {
  const found =
    moodleDownload(listing) ??
    canvasDownload(listing, isOfALab) ??
    (await gradescopeDownload(listing)) ??
    (await repositories(listing, name, knownLabs));
  const [folder, ...others] = listing.folders();
  if (found !== undefined || isInner || folder === undefined || others.length > 0) return found;
  return ofPlatform(listing.within(folder), folder, { knownLabs }, true);
}

/** A folder or an archive for each student, in one archive. */
function ofFolders(listing: Listing, { knownLabs, called }: Asked): Download | undefined {
  const [folders, archives] = [listing.folders(), listing.files().filter(isArchive)];
  if (listing.files().some(isOfALab) || folders.some((name) => knownLabs.includes(name))) return undefined;
  const isOfLabs = (files: Listing): boolean =>
    files.folders().some((lab) => knownLabs.includes(lab) || called.has(lab));
  const hasLabs = folders.some((name) => isOfLabs(listing.within(name)));
  const startable = folders.filter((name) => isStartable(listing.within(name)));
  if (!hasLabs && startable.length + archives.length < 2) return undefined;
  const people = [
    ...folders.map((name): Person => ({ name, files: listing.within(name) })),
    ...archives.map((file): Person => ({ name: stemOf(file), files: listing.pick(new Map([[file, file]])) })),
  ];
  return { what: 'an archive of a class', people: toldApart(people) };
}

/** An archive for each student, perhaps beside folders of others. */
async function oneEach(
  root: string,
  listing: Listing,
  archives: string[],
  folders: string[],
  asked: Asked,
): Promise<Download> {
  const packed = archives.map(async (file): Promise<Person | undefined> => {
    const name = archives.some((other) => other !== file && stemOf(other) === stemOf(file)) ? file : stemOf(file);
    const files = await contentOf(root, listing, file, asked);
    return files && { name, files };
  });
  const each = await Promise.all(packed);
  const left = archives.filter((_, i) => each[i] === undefined);
  const others = folders.map((name): Person => ({ name, files: listing.within(name) }));
  const kind = folders.length === 0 ? 'an archive for each student' : 'archives and folders of students';
  const without = left.length === 0 ? '' : ` (without ${left.join(', ')}, which is a whole class’s: grade it alone)`;
  return { what: `${kind}${without}`, people: [...each.filter((person) => person !== undefined), ...others] };
}

/**
 * An archive as its content, if that has folders for labs; or else as one file, which is all there is of one lab.
 *
 * @returns undefined if it is a platform's download of a class.
 */
async function contentOf(root: string, listing: Listing, file: string, asked: Asked): Promise<Listing | undefined> {
  const { knownLabs, called } = asked;
  const asFile = listing.pick(new Map([[file, file]]));
  const inner = await archiveListing(path.join(root, file)).catch((error: unknown) => {
    if (error instanceof ArchiveError) return undefined; // its author reads why when it is graded
    throw error;
  });
  if (inner === undefined) return asFile;
  if ((await ofPlatform(inner, stemOf(file), asked)) !== undefined) return undefined;
  const [folder, ...others] = inner.folders();
  const within = folder === undefined || others.length > 0 ? inner : inner.within(folder);
  const isOfLabs = (each: Listing): boolean =>
    each.folders().some((name) => knownLabs.includes(name) || called.has(name));
  return [inner, within].find(isOfLabs) ?? asFile;
}

/** Those who are to be graded. A student may be named as in the reports or, where only one is called so, as on the platform. */
function who(people: Person[], { students, student }: Asked, root: string): Person[] {
  if (student !== undefined) {
    if (people.length === 1) return [{ ...people[0]!, name: student }];
    throw new UsageError(
      `--student says whose the one submission in a folder is, but ${root} has those of ${people.length} students; leave it out, and name whom you want graded: npm run grade -- ${shellWord(people[0]?.name ?? '')}`,
    );
  }
  if (students.length === 0) return people;
  return [...new Set(students)].map((name) => {
    const exact = people.filter((person) => person.name === name);
    const found = exact.length > 0 ? exact : people.filter(({ submitter }) => submitter?.name === name);
    if (found.length === 1) return found[0]!;
    const there = (found.length > 1 ? found : people).map((each) => each.name).join(', ');
    throw new UsageError(
      found.length > 1
        ? `${found.length} students in ${root} are called "${name}": say which of ${there}`
        : `no student "${name}" in ${root}; there are: ${there}`,
    );
  });
}
