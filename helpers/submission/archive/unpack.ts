/** Lists an archive that is all there is as if it had been unpacked beside itself. Its files are read again when they are copied. */
import path from 'node:path';
import { TEXT_LIMIT } from '../../base/plain-file.ts';
import { asMeant, type Foreign } from '../as-meant.ts';
import { LIMITS, type Archive, type Contents, type Entry } from '../contents.ts';
import type { Share } from '../place.ts';
import { isArchive, membersOf, placeFor, type ArchiveSource } from './archive.ts';
import { ArchiveError } from './raw-member.ts';
import { levelsOf } from '../tree.ts';

/** An archive in an archive is unpacked, too; what is in that one is not. */
export const MOST_ARCHIVES = 2;

export interface Unpacked {
  /** The folder's contents with those of the archive. */
  contents: Contents;
  /** The archive's small files, as they are meant. */
  small: { name: string; content: Buffer; foreign: Foreign[] }[];
}

/** The archive that a person would unpack: the only one. */
export function onlyArchive({ entries }: Pick<Contents, 'entries'>): string | undefined {
  const all = levelsOf(entries).flatMap((level) =>
    level.flatMap(({ name, files }) =>
      files.filter((file) => isArchive(file) && !file.startsWith('.')).map((file) => path.posix.join(name, file)),
    ),
  );
  return all.length === 1 ? all[0] : undefined;
}

/**
 * @param contents What is there, perhaps with an archive that was unpacked before.
 * @param file The archive, one of its entries.
 * @throws {ArchiveError} when it cannot be unpacked, or must not be.
 */
export async function unpacked(contents: Contents, file: string): Promise<Unpacked> {
  const others = contents.entries.filter(({ name }) => name !== file);
  const { there } = contents.entries.find(({ name }) => name === file) ?? {};
  const into = placeFor(file, (name) => others.some((each) => each.name === name));
  return unpackedInto({ ...contents, entries: others }, { file, into, ...(there !== undefined && { there }) });
}

/**
 * Lists what a share of an archive has.
 *
 * @param seen Called with each file's content.
 * @throws {ArchiveError} when it cannot be unpacked, or must not be.
 */
export function unpackedShare({ of, files }: Share, seen: (name: string, content: Buffer) => void): Promise<Unpacked> {
  const empty = { folder: path.dirname(of), entries: [], bytes: 0 };
  return unpackedInto(empty, { file: path.basename(of), into: '', only: files }, seen);
}

/** @param contents What is there beside the archive. */
async function unpackedInto(
  contents: Contents,
  archive: Archive,
  seen: (name: string, content: Buffer) => void = () => undefined,
): Promise<Unpacked> {
  const { folder, entries, archives = [] } = contents;
  const { into, only } = archive;
  const found = new Map<string, Entry>(into === '' ? [] : [[into, unpackedFolder(into)]]);
  const small: Unpacked['small'] = [];
  let bytes = 0;
  for await (const { kind, name: own, mode, content } of membersOf(await sourceOf(folder, archives, archive), only)) {
    const name = path.posix.join(into, own);
    if (Buffer.byteLength(name) > LIMITS.path)
      throw new ArchiveError(`has ${JSON.stringify(own)}, which is too long a name`);
    for (const above of foldersAbove(own)) {
      const within = path.posix.join(into, above);
      found.set(within, found.get(within) ?? unpackedFolder(within));
    }
    found.set(name, { kind, name, mode, isUnpacked: true });
    bytes += content.length;
    if (kind === 'file') seen(name, content);
    if (kind === 'file' && content.length <= TEXT_LIMIT) small.push({ name, ...asMeant(name, content) });
  }
  const all = [...entries, ...found.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (contents.bytes + bytes > LIMITS.bytes || all.length > LIMITS.entries)
    throw new ArchiveError('is, with the other files, more than may be handed in');
  return {
    contents: { ...contents, entries: all, bytes: contents.bytes + bytes, archives: [...archives, archive] },
    small,
  };
}

/** Finds an archive's content: on the disk, or in the archive that was unpacked before. */
async function sourceOf(
  folder: string,
  before: Archive[],
  { file, there = file }: Pick<Archive, 'file' | 'there'>,
): Promise<ArchiveSource> {
  const outer = before.at(-1);
  if (outer === undefined) return { file: path.join(folder, there) };
  const source = await sourceOf(folder, before.slice(0, -1), outer);
  for await (const { name, content } of membersOf(source, outer.only))
    if (path.posix.join(outer.into, name) === file) return { content };
  throw new ArchiveError('is not there any more');
}

function foldersAbove(name: string): string[] {
  const parts = name.split('/');
  return parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join('/'));
}

function unpackedFolder(name: string): Entry {
  return { kind: 'folder', name, mode: 0o755, isUnpacked: true };
}
