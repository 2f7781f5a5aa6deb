/**
 * A submission as one value: one lab's folder as it was handed in, read once, before anything is deployed. Every stage of
 * grading works with this value; only the copy to the lab host reads the files again.
 */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { openPlainFile, readPlainFile, TEXT_LIMIT } from '../base/plain-file.ts';
import { ArchiveError, DamagedArchive } from './archive/raw-member.ts';
import { MOST_ARCHIVES, onlyArchive, unpacked, unpackedShare, type Unpacked } from './archive/unpack.ts';
import { asMeant, isUtf8, type Foreign } from './as-meant.ts';
import { contentsOf, contentsOfShare, type Contents, type Entry } from './contents.ts';
import { MANIFEST, manifestBelow, ManifestError, misnamedManifest, readManifest, type Manifest } from './manifest.ts';
import type { Place, Share } from './place.ts';
import { findStart } from './starts.ts';

const DIGEST_DIGITS = 12;
/** How many texts are kept, and how many bytes of them: the author's own files are few and small. */
const MOST_TEXTS = 500;
const MOST_TEXT_BYTES = 256 * 1024;
const MOST_LINKS = 10;

/** What is in the folder is what will be on the lab host: an archive is unpacked, and texts are as they are meant. */
export interface Submission extends Contents {
  /** The folder literally: what travels to other graders, which read it themselves. */
  handedIn: Contents;
  /** 12 hexadecimal digits of a SHA-256 of all names, permissions, contents and links. It changes only when one of these does. */
  digest: string;
  /** The small files, those nearest to the top first. Of a folder that is too large: those that were met before the limit. */
  texts: TextFile[];
  /** What submission.yaml says, or a sentence for the student about why it cannot be used. */
  manifest: Manifest | { problem: string };
  /** The archive that is all there is; and if it was not unpacked, why: the rest of a sentence that begins with its name. */
  archive?: { file: string } | { file: string; problem: string };
  /** What was not read literally, each a sentence for the student. */
  notes: string[];
}

/** A file of at most 64 KiB. */
export interface TextFile {
  /** Relative to the lab's folder, with slashes. */
  file: string;
  text: string;
  /** False when the file is not text in UTF-8. Then `text` is only an approximation. */
  isUtf8: boolean;
}

/** @throws when a folder or file in it cannot be read, or the download that it is in is damaged. */
export async function readSubmission(place: Place): Promise<Submission> {
  const { contents: handedIn, small, digests } = await readPlace(place);
  const { contents, small: all, archive } = await withArchive(handedIn, small);
  const texts = textsOf(all);
  const manifest = await manifestOf(place, contents.entries, texts);
  const misnamed = 'roles' in manifest && manifest.from === undefined ? misnamedManifest(texts) : undefined;
  const unread =
    misnamed === undefined ? [] : [`${misnamed} was not read: if it says how to deploy, rename it to ${MANIFEST}`];
  return {
    ...contents,
    asMeant: true,
    handedIn,
    manifest,
    texts,
    ...(archive !== undefined && { archive }),
    notes: [...unread, ...notesOf(all, contents)],
    digest: digestOf(handedIn, digests),
  };
}

interface Read {
  contents: Contents;
  /** The small files. */
  small: Small[];
  /** SHA-256 of each file's content, by its name. */
  digests: Map<string, string>;
}

async function readPlace(place: Place): Promise<Read> {
  if (typeof place !== 'string' && place.isArchive) return readArchive(place);
  const contents = await (typeof place === 'string' ? contentsOf(place) : contentsOfShare(place));
  // On a live host a folder that is too large is graded all the same: nothing is copied there.
  return readFiles(contents);
}

/** Reads a share of an archive. What its author could not hand in alone is `over`. */
async function readArchive(share: Share): Promise<Read> {
  const digests = new Map<string, string>();
  try {
    const read = await unpackedShare(share, (name, content) => {
      digests.set(name, createHash('sha256').update(content).digest('hex'));
    });
    return { ...read, digests };
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    const file = path.basename(share.of);
    if (error instanceof DamagedArchive) throw new Error(`${file} ${error.message}`, { cause: error });
    const over = `what ${file} has of the submission cannot be graded: it ${error.message}`;
    return { contents: { folder: path.dirname(share.of), entries: [], bytes: 0, over }, small: [], digests };
  }
}

function digestOf({ entries, over }: Contents, digests: Map<string, string>): string {
  const hash = createHash('sha256');
  // Of a folder that is too large, nobody knows everything.
  if (over !== undefined) hash.update(over);
  else
    for (const { kind, mode, name, target = '' } of fromTheTop(entries))
      hash.update(`${kind} ${mode?.toString(8) ?? ''} ${name}\0${target}\0${digests.get(name) ?? ''}\0`);
  return hash.digest('hex').slice(0, DIGEST_DIGITS);
}

/** A small file as it is meant. */
type Small = Unpacked['small'][number];

/** Unpacks the only archive of a folder that has nothing else that could be deployed. */
async function withArchive(
  handedIn: Contents,
  small: Small[],
): Promise<{ contents: Contents; small: Small[]; archive?: Submission['archive'] }> {
  let found: { contents: Contents; small: Small[]; archive?: { file: string } } = { contents: handedIn, small };
  for (let i = 0; i < MOST_ARCHIVES && handedIn.over === undefined; i++) {
    const { contents } = found;
    const isStartable = findStart({ entries: contents.entries, texts: textsOf(found.small) }) !== undefined;
    const file = isStartable ? undefined : onlyArchive(contents);
    if (file === undefined) break;
    try {
      const more = await unpacked(contents, file);
      const archive = { file: found.archive?.file ?? file };
      found = { contents: more.contents, small: [...found.small, ...more.small], archive };
    } catch (error) {
      if (!(error instanceof ArchiveError)) throw error;
      return { ...found, archive: { file, problem: error.message } };
    }
  }
  return found;
}

/** @returns the text of one of its small files, also by a link to it; undefined when there is none of that name. */
export function textOf({ entries, texts }: Submission, file: string): string | undefined {
  const wanted = behindLinks(entries, file);
  return texts.find((each) => each.file === wanted)?.text;
}

/**
 * Where a path of a submission leads when the links on the way are followed. Nothing is opened.
 *
 * @returns undefined when it leads out of the submission, or in a circle.
 */
export function behindLinks(entries: Entry[], file: string): string | undefined {
  const links = entries.filter(({ kind }) => kind === 'link');
  let wanted = path.posix.normalize(file);
  for (let followed = 0; followed <= MOST_LINKS; followed++) {
    const link = links.find(({ name }) => wanted === name || wanted.startsWith(`${name}/`));
    if (link?.target === undefined) return wanted;
    if (path.posix.isAbsolute(link.target)) return undefined;
    wanted = path.posix.join(path.posix.dirname(link.name), link.target, wanted.slice(link.name.length));
    if (wanted === '..' || wanted.startsWith('../')) return undefined;
  }
  return undefined;
}

async function manifestOf(place: Place, entries: Entry[], texts: TextFile[]): Promise<Submission['manifest']> {
  try {
    const manifest: Manifest = typeof place === 'string' ? await readManifest(place) : { roles: {} };
    return manifest.from === undefined ? manifestBelow(entries, texts) : manifest;
  } catch (error) {
    if (error instanceof ManifestError) return { problem: error.message };
    throw error;
  }
}

/** Reads the files of a folder. Of a folder that is too large, only the texts. */
async function readFiles(contents: Contents): Promise<Read> {
  const small: Small[] = [];
  const digests = new Map<string, string>();
  let bytes = 0;
  for (const entry of fromTheTop(contents.entries).filter(({ kind }) => kind === 'file')) {
    const { name, there = name } = entry;
    const file = path.join(contents.folder, there);
    const content = await readPlainFile(file, TEXT_LIMIT);
    if (content === 'too long') {
      if (contents.over === undefined) digests.set(name, await digestOfLarge(file));
    } else if (typeof content === 'string') throw changedMeanwhile(entry);
    else {
      digests.set(name, createHash('sha256').update(content).digest('hex'));
      bytes += content.length;
      if (small.length < MOST_TEXTS && bytes <= MOST_TEXT_BYTES) small.push({ name, ...asMeant(name, content) });
    }
  }
  return { contents, small, digests };
}

/** Sorts what is nearest to the top first, because that was most likely written by hand. */
function fromTheTop<T extends { name: string }>(entries: T[]): T[] {
  const depth = ({ name }: T): number => name.split('/').length;
  return entries.toSorted((a, b) => depth(a) - depth(b));
}

async function digestOfLarge(file: string): Promise<string> {
  const opened = await openPlainFile(file);
  if (typeof opened === 'string') throw new Error(`${path.basename(file)} changed while it was read`);
  await using handle = opened;
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

function changedMeanwhile({ name }: Entry): Error {
  return new Error(`${name} changed while it was read`);
}

/** The texts that are kept. */
function textsOf(small: Small[]): TextFile[] {
  let bytes = 0;
  return fromTheTop(small)
    .slice(0, MOST_TEXTS)
    .filter(({ content }) => (bytes += content.length) <= MOST_TEXT_BYTES)
    .map(({ name, content }) => textFile(name, content));
}

function textFile(file: string, content: Buffer): TextFile {
  // Of what is not UTF-8, the text is an approximation. Code that needs real text looks at isUtf8 and leaves this file out.
  return { file, text: content.toString('utf8'), isUtf8: !content.includes(0) && isUtf8(content) };
}

/** How a file is said to be in each of these ways: one file, and several. */
const SAID: Record<Foreign, [string, string]> = {
  'UTF-16': ['is in UTF-16', 'are in UTF-16'],
  'a byte order mark': ['begins with a byte order mark', 'begin with a byte order mark'],
  'Windows line endings': ['has Windows line endings', 'have Windows line endings'],
};

function notesOf(small: Small[], { archives = [] }: Contents): string[] {
  const texts = (Object.keys(SAID) as Foreign[]).flatMap((kind) => {
    const [first, ...others] = small.filter(({ foreign }) => foreign.includes(kind)).map(({ name }) => name);
    if (first === undefined) return [];
    const [one, several] = SAID[kind];
    const which = others.length === 0 ? `${first} ${one}` : `${first} and ${others.length} more ${several}`;
    return `${which}, which programs on Linux take literally: read as what is meant`;
  });
  const own = archives.filter(({ only }) => only === undefined);
  return [...own.map(({ file, into }) => `${file} was unpacked into ${into}/`), ...texts];
}
