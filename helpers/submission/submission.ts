/**
 * A submission as one value: one lab's folder as it was handed in, read once, before anything is deployed. Every stage of
 * grading works with this value; only the copy to the lab host reads the files again.
 */
import { createHash, type Hash } from 'node:crypto';
import path from 'node:path';
import { openPlainFile, readPlainFile, TEXT_LIMIT } from '../base/plain-file.ts';
import { contentsOf, type Contents, type Entry } from './contents.ts';
import { ManifestError, readManifest, type Manifest } from './manifest.ts';

const DIGEST_DIGITS = 12;
/** How many texts are kept, and how many bytes of them: the author's own files are few and small. */
const MOST_TEXTS = 500;
const MOST_TEXT_BYTES = 256 * 1024;
const MOST_LINKS = 10;

export interface Submission extends Contents {
  /** 12 hexadecimal digits of a SHA-256 of all names, permissions, contents and links. It changes only when one of these does. */
  digest: string;
  /** The small files, those nearest to the top first. Of a folder that is too large: those that were met before the limit. */
  texts: TextFile[];
  /** What submission.yaml says, or a sentence for the student about why it cannot be used. */
  manifest: Manifest | { problem: string };
}

/** A file of at most 64 KiB. */
export interface TextFile {
  /** Relative to the lab's folder, with slashes. */
  file: string;
  text: string;
  /** False when the file is not text in UTF-8. Then `text` is only an approximation. */
  isUtf8: boolean;
}

/** @throws when a folder or file in it cannot be read. */
export async function readSubmission(folder: string): Promise<Submission> {
  const [contents, manifest] = await Promise.all([contentsOf(folder), manifestOf(folder)]);
  const hash = createHash('sha256');
  const texts: TextFile[] = [];
  if (contents.over === undefined) await readAll(contents, hash, texts);
  else {
    hash.update(contents.over);
    // On a live host it is graded all the same: nothing is copied there.
    await readAll(contents, undefined, texts);
  }
  return { ...contents, manifest, texts, digest: hash.digest('hex').slice(0, DIGEST_DIGITS) };
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

async function manifestOf(folder: string): Promise<Submission['manifest']> {
  try {
    return await readManifest(folder);
  } catch (error) {
    if (error instanceof ManifestError) return { problem: error.message };
    throw error;
  }
}

/** @param hash Nothing where only the texts are wanted. */
async function readAll({ folder, entries }: Contents, hash: Hash | undefined, texts: TextFile[]): Promise<void> {
  let bytes = 0;
  for (const entry of fromTheTop(entries)) {
    const file = path.join(folder, entry.name);
    hash?.update(`${entry.kind} ${entry.mode?.toString(8) ?? ''} ${entry.name}\0`);
    hash?.update(entry.target ?? '');
    if (entry.kind === 'file') {
      const content = await readPlainFile(file, TEXT_LIMIT);
      if (content === 'too long') await (hash && hashLarge(file, hash));
      else if (typeof content === 'string') throw changedMeanwhile(entry);
      else {
        hash?.update(content);
        bytes += content.length;
        if (texts.length < MOST_TEXTS && bytes <= MOST_TEXT_BYTES) texts.push(textFile(entry.name, content));
      }
    }
    hash?.update('\0');
  }
}

/** Sorts what is nearest to the top first, because that was most likely written by hand. */
function fromTheTop(entries: Entry[]): Entry[] {
  const depth = ({ name }: Entry): number => name.split('/').length;
  return entries.toSorted((a, b) => depth(a) - depth(b));
}

async function hashLarge(file: string, hash: Hash): Promise<void> {
  const opened = await openPlainFile(file);
  if (typeof opened === 'string') throw new Error(`${path.basename(file)} changed while it was read`);
  await using handle = opened;
  for await (const chunk of handle.createReadStream({ autoClose: false })) hash.update(chunk as Buffer);
}

function changedMeanwhile({ name }: Entry): Error {
  return new Error(`${name} changed while it was read`);
}

function textFile(file: string, content: Buffer): TextFile {
  try {
    if (content.includes(0)) throw new TypeError('binary');
    // With its byte order mark, if it has one: answers are compared with the file on the lab host.
    const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
    return { file, text: decoder.decode(content), isUtf8: true };
  } catch {
    // Not UTF-8. Code that needs real text looks at isUtf8 and leaves this file out.
    return { file, text: content.toString('utf8'), isUtf8: false };
  }
}
