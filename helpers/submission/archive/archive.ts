/**
 * What is in an archive that a stranger made. It is read as data: nothing is written, and nothing outside of it is opened. What
 * an honest archive does not have (links, devices, names that lead out of it) is refused with a sentence for the student.
 */
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { openPlainFile } from '../../base/plain-file.ts';
import { isLeftOut, LIMITS, PERMISSIONS, type Limits } from '../contents.ts';
import { ArchiveError, DamagedArchive, type RawMember } from './raw-member.ts';
import { tarMembers } from './tar.ts';
import { zipMembers } from './zip.ts';

/** Names of archives that are unpacked. */
const ARCHIVE = /\.(zip|tar|tar\.gz|tgz)$/i;
/** Names of archives that are not: their author has to unpack them. */
const OTHER_ARCHIVE = /\.(rar|7z|gz|bz2|xz|zst|tbz2?|txz)$/i;
/** Unpacked bytes for each byte of the archive. Source text that is packed well has 20. */
const MOST_RATIO = 200;
/** An archive that unpacks to less may have any ratio: an empty file of a megabyte is no bomb. Bytes. */
const ANY_RATIO = 5 * 1024 * 1024;
/** What is left out (node_modules) does not count as an entry, but takes time. */
const MOST_SEEN = 10;
/** How many names of a whole class's archive are listed. */
const MOST_LISTED = 1_000_000;
/** The first bytes of a zip. */
const ZIP = Buffer.from('PK');
const LONGEST_MAGIC = 8;
/** The first bytes of other kinds of archives, whatever their names are. */
const OTHER_KINDS: [string, Buffer][] = [
  ['a RAR archive', Buffer.from('Rar!')],
  ['a 7z archive', Buffer.from([0x37, 0x7a, 0xbc, 0xaf])],
  ['packed with xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a])],
  ['packed with bzip2', Buffer.from('BZh')],
];

export interface Member {
  kind: 'file' | 'folder';
  /** In the archive, with slashes: neither absolute nor with `..`. */
  name: string;
  mode: number;
  /** Empty for a folder. */
  content: Buffer;
}

/** A file on this machine, or an archive that was in another one. */
export type ArchiveSource = { file: string } | { content: Buffer };

export function isArchive(name: string): boolean {
  return ARCHIVE.test(name);
}

/** Whether it is an archive by its name that is not unpacked here. */
export function isOtherArchive(name: string): boolean {
  return !ARCHIVE.test(name) && OTHER_ARCHIVE.test(name);
}

/** The name of an archive without what makes it one. */
export function stemOf(name: string): string {
  return name.replace(ARCHIVE, '');
}

/**
 * The files and folders in an archive, in its order. What is not copied to lab hosts (`.git`, `node_modules`, and what macOS
 * adds) is left out.
 *
 * @param only The members that are wanted, by their plain names, and what they are called instead. Nobody looks at the others.
 * @param limits Of everything in it together that is wanted.
 * @throws {ArchiveError} when it cannot be read, or must not be.
 */
export async function* membersOf(
  source: ArchiveSource,
  only?: ReadonlyMap<string, string>,
  limits: Limits = LIMITS,
): AsyncGenerator<Member> {
  if ('content' in source) {
    const { content } = source;
    const raw = rawMembers(content, content, limits);
    yield* checked(only ? wanted(raw, only) : raw, new Checks(content.length, limits));
    return;
  }
  await using handle = await opened(source.file);
  const { size } = await handle.stat();
  const raw = rawMembers(handle, await firstOf(handle), limits);
  yield* checked(only ? wanted(raw, only) : raw, new Checks(size, limits));
}

/**
 * The plain names of what is in an archive; nothing is unpacked.
 *
 * @throws {ArchiveError} when it cannot be read, or has a name that leads out of it.
 */
export async function namesIn(file: string): Promise<Pick<Member, 'kind' | 'name'>[]> {
  await using handle = await opened(file);
  const names: Pick<Member, 'kind' | 'name'>[] = [];
  let seen = 0;
  try {
    for await (const { kind, name } of rawMembers(handle, await firstOf(handle), LIMITS)) {
      if (++seen > MOST_LISTED) throw new ArchiveError(`has more than ${MOST_LISTED} files and folders`);
      const parts = partsOf(name);
      if (parts.length > 0 && !parts.some(isLeftOut))
        names.push({ kind: kind === 'folder' ? 'folder' : 'file', name: parts.join('/') });
    }
  } catch (error) {
    throw asArchiveError(error);
  }
  return names;
}

async function opened(file: string): Promise<FileHandle> {
  const handle = await openPlainFile(file);
  if (typeof handle === 'string') throw new ArchiveError('is not there any more');
  return handle;
}

async function firstOf(handle: FileHandle): Promise<Buffer> {
  const first = Buffer.alloc(LONGEST_MAGIC);
  await handle.read(first, 0, first.length, 0);
  return first;
}

async function* wanted(raw: AsyncIterable<RawMember>, only: ReadonlyMap<string, string>): AsyncGenerator<RawMember> {
  for await (const member of raw) {
    const name = only.get(member.name.split('/').filter(isPart).join('/'));
    if (name !== undefined) yield { ...member, name };
  }
}

/** @param first Its first bytes, which say what it is, whatever its name is. */
function rawMembers(input: FileHandle | Buffer, first: Buffer, limits: Limits): AsyncGenerator<RawMember> {
  const isThat = (magic: Buffer): boolean => first.subarray(0, magic.length).equals(magic);
  const other = OTHER_KINDS.find(([, magic]) => isThat(magic));
  if (other !== undefined) throw new ArchiveError(`is ${other[0]}`);
  return isThat(ZIP) ? zipMembers(input) : tarMembers(input, limits);
}

async function* checked(raw: AsyncIterable<RawMember>, checks: Checks): AsyncGenerator<Member> {
  try {
    for await (const member of raw) {
      const name = checks.nameOf(member);
      if (name === undefined) continue;
      checks.count(member.size);
      const content = member.kind === 'file' ? await member.read() : Buffer.alloc(0);
      checks.count(content.length - member.size, 0);
      yield { kind: member.kind === 'folder' ? 'folder' : 'file', name, mode: modeOf(member, content), content };
    }
  } catch (error) {
    throw asArchiveError(error);
  }
}

function asArchiveError(error: unknown): ArchiveError {
  return error instanceof ArchiveError ? error : new DamagedArchive(`is damaged (${(error as Error).message})`);
}

/** The parts of a member's name. @throws {ArchiveError} when it leads out of the archive. */
function partsOf(name: string): string[] {
  const what = whichHas(name);
  if (name.startsWith('/') || /^[a-zA-Z]:[\\/]/.test(name) || name.includes('\0'))
    throw new ArchiveError(`${what} is no name inside of it`);
  const parts = name.split('/').filter(isPart);
  if (parts.includes('..')) throw new ArchiveError(`${what} leads out of it`);
  return parts;
}

function isPart(part: string): boolean {
  return part !== '' && part !== '.';
}

function whichHas(name: string): string {
  return `has ${JSON.stringify(name.slice(0, 100))}, which`;
}

/** Checks an archive's members one after the other. */
class Checks {
  readonly #size: number;
  readonly #limits: Limits;
  readonly #kinds = new Map<string, 'file' | 'folder'>();
  #seen = 0;
  #entries = 0;
  #bytes = 0;

  constructor(size: number, limits: Limits) {
    this.#size = size;
    this.#limits = limits;
  }

  /** @returns its name in plain form; undefined when it is left out. @throws {ArchiveError} */
  nameOf({ name, kind }: RawMember): string | undefined {
    if (++this.#seen > this.#limits.entries * MOST_SEEN) throw this.#tooMany();
    const what = whichHas(name);
    const parts = partsOf(name);
    if (parts.length === 0 || parts.some(isLeftOut)) return undefined;
    if (kind === 'link') throw new ArchiveError(`${what} is a link: pack files and folders only`);
    if (kind === 'other') throw new ArchiveError(`${what} is neither a file nor a folder`);
    const plain = parts.join('/');
    if (Buffer.byteLength(plain) > this.#limits.path) throw new ArchiveError(`${what} is too long a name`);
    const isNew = this.#place(plain, kind, parts, what);
    return isNew ? plain : undefined;
  }

  /** @param entries How many more entries there are. @throws {ArchiveError} when it is too much. */
  count(bytes: number, entries = 1): void {
    this.#bytes += bytes;
    this.#entries += entries;
    const mib = this.#limits.bytes / 1024 / 1024;
    if (this.#bytes > this.#limits.bytes) throw new ArchiveError(`unpacks to more than ${mib} MiB`);
    if (this.#bytes > ANY_RATIO && this.#bytes > this.#size * MOST_RATIO)
      throw new ArchiveError(`unpacks to more than ${MOST_RATIO} times its own size`);
    if (this.#entries > this.#limits.entries) throw this.#tooMany();
  }

  #tooMany(): ArchiveError {
    return new ArchiveError(`has more than ${this.#limits.entries} files and folders`);
  }

  /** @returns false for a folder that was there before. */
  #place(plain: string, kind: 'file' | 'folder', parts: string[], what: string): boolean {
    const known = this.#kinds.get(plain);
    if (known === 'folder' && kind === 'folder') return false;
    if (known !== undefined) throw new ArchiveError(`${what} is there twice`);
    for (let i = 1; i < parts.length; i++) {
      const above = parts.slice(0, i).join('/');
      if (this.#kinds.get(above) === 'file') throw new ArchiveError(`${what} lies in a file`);
      this.#kinds.set(above, 'folder');
    }
    this.#kinds.set(plain, kind);
    return true;
  }
}

/**
 * Everybody may read what was packed: some programs pack files that only their owner may read. Archives of Windows do not say
 * what may be executed: there, what begins with `#!` may.
 */
function modeOf({ kind, mode }: RawMember, content: Buffer): number {
  if (kind === 'folder') return ((mode ?? 0) & PERMISSIONS) | 0o755;
  if (mode === undefined) return content.toString('latin1', 0, 2) === '#!' ? 0o755 : 0o644;
  return (mode & PERMISSIONS) | 0o644;
}

/** Where an archive is unpacked to: a folder of its name beside it that is not there yet. */
export function placeFor(file: string, isThere: (name: string) => boolean): string {
  const stem = path.posix.join(path.posix.dirname(file), stemOf(path.posix.basename(file)));
  return isThere(stem) ? `${stem}-unpacked` : stem;
}
