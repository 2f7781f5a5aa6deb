/**
 * Lists what is in a lab's folder, and limits how much may be in it. The list and the limits are the same on every kind of lab
 * host. The folder may contain anything: links are not followed, no file is opened, and the walk ends at the limit.
 */
import type { Stats } from 'node:fs';
import { lstat, opendir, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Share } from './place.ts';

/** Folders that many students hand in though they need not. They are not copied to lab hosts, and do not count for the limits. */
const LEFT_OUT = ['.git', 'node_modules', '__MACOSX', '.DS_Store'];

/** Those bits of a mode that say who may read, write and execute. */
export const PERMISSIONS = 0o777;

const MIB = 1024 * 1024;

export interface Limits {
  /** Bytes of all regular files together. */
  bytes: number;
  /** The number of files, folders, links and anything else. */
  entries: number;
  /** Bytes of a path, relative to the lab's folder. Every system on the way can handle a path of this length. */
  path: number;
}

/** A submission is a few text files; the course's largest has 40 KiB. */
export const LIMITS: Limits = { bytes: 50 * MIB, entries: 5000, path: 1000 };
/** For folders that come with netgrade. */
export const NO_LIMITS: Limits = { bytes: Infinity, entries: Infinity, path: Infinity };

export interface Entry {
  kind: 'file' | 'folder' | 'link';
  /** Relative to the lab's folder, with slashes. */
  name: string;
  /** Of a link: what it says, which may lead anywhere. */
  target?: string;
  /** Of a file or folder: its permissions, e.g. 0o755. They are copied to lab hosts, too. */
  mode?: number;
  /** It is in an archive, and not on this machine. */
  isUnpacked?: true;
  /** Of a file of a share: what it is called in the folder. */
  there?: string;
}

export interface Contents {
  /** The folder's path on the grading machine. */
  folder: string;
  /** By name, so that a folder comes before what is in it. Pipes, sockets and devices are left out. */
  entries: Entry[];
  /** Bytes of the regular files that the walk has seen. */
  bytes: number;
  /** Why the folder cannot be graded, e.g. because it is too large: a sentence for the student. The walk ended there. */
  over?: string;
  /** The archives whose files are among the entries, and the folders in which these are; each is in the one before. */
  archives?: Archive[];
  /** Text files are copied as they are meant: see as-meant.ts. */
  asMeant?: true;
}

export interface Archive {
  file: string;
  /** Of an archive on this machine: what it is called in the folder, if that is something else. */
  there?: string;
  /** Empty for the lab's own folder. */
  into: string;
  /** Of an archive in which others have theirs, too: see Share. */
  only?: ReadonlyMap<string, string>;
}

/** @param name Of a file or folder, without those that it is in. */
export function isLeftOut(name: string): boolean {
  return LEFT_OUT.includes(name);
}

/** Lists what is in a folder. @throws when a folder cannot be read. */
export async function contentsOf(folder: string, limits: Limits = LIMITS): Promise<Contents> {
  const walk = new Walk(limits);
  const over = await walk.through(folder);
  walk.entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { folder, entries: walk.entries, bytes: walk.bytes, ...(over !== undefined && { over }) };
}

/** Lists what a share of a folder has. What was removed meanwhile, or is no regular file, is left out. */
export async function contentsOfShare({ of, files }: Share, limits: Limits = LIMITS): Promise<Contents> {
  const walk = new Walk(limits);
  const over = await walk.files(of, files);
  walk.entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { folder: of, entries: walk.entries, bytes: walk.bytes, ...(over !== undefined && { over }) };
}

class Walk {
  readonly entries: Entry[] = [];
  bytes = 0;
  readonly #limits: Limits;
  #seen = 0;
  /** How much is in each file or folder at the top, by its name. */
  readonly #shares = new Map<string, { bytes: number; entries: number }>();

  constructor(limits: Limits) {
    this.#limits = limits;
  }

  /** Walks through a folder. @returns why it cannot be graded; undefined if it can. */
  async through(root: string): Promise<string | undefined> {
    const folders = [''];
    for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
      for await (const { name: own } of await opendir(path.join(root, folder))) {
        if (isLeftOut(own)) continue;
        const name = path.posix.join(folder, own);
        if (Buffer.byteLength(name) > this.#limits.path)
          return `the submission has folders in folders so deep that a path is longer than ${this.#limits.path} bytes`;
        const stat = await statOf(path.join(root, name));
        if (stat === undefined)
          return (
            `the name of ${JSON.stringify(name)} in the submission is not UTF-8, so the file cannot be found by it ` +
            `everywhere: rename it`
          );
        this.#count(name, stat.isFile() ? stat.size : 0);
        const mode = stat.mode & PERMISSIONS;
        if (stat.isFile()) this.entries.push({ kind: 'file', name, mode });
        else if (stat.isSymbolicLink())
          this.entries.push({ kind: 'link', name, target: await readlink(path.join(root, name)) });
        else if (stat.isDirectory()) {
          this.entries.push({ kind: 'folder', name, mode });
          folders.push(name);
        }
        const over = this.#over();
        if (over !== undefined) return over;
      }
    }
    return undefined;
  }

  /** Goes through files right in a folder. @returns why they cannot be graded; undefined if they can. */
  async files(root: string, files: Share['files']): Promise<string | undefined> {
    for (const [there, name] of files) {
      const stat = await statOf(path.join(root, there));
      if (stat?.isFile() !== true) continue;
      this.#count(name, stat.size);
      this.entries.push({ kind: 'file', name, mode: stat.mode & PERMISSIONS, there });
      const over = this.#over();
      if (over !== undefined) return over;
    }
    return undefined;
  }

  #count(name: string, bytes: number): void {
    this.bytes += bytes;
    this.#seen++;
    const top = name.split('/', 1)[0] ?? '';
    const share = this.#shares.get(top) ?? { bytes: 0, entries: 0 };
    this.#shares.set(top, { bytes: share.bytes + bytes, entries: share.entries + 1 });
  }

  #over(): string | undefined {
    const { bytes, entries } = this.#limits;
    if (this.bytes > bytes) return tooMuch(`${mib(this.bytes)} or more`, this.#largest('bytes'), this.#limits);
    if (this.#seen > entries)
      return tooMuch(`more than ${entries} files and folders`, this.#largest('entries'), this.#limits);
    return undefined;
  }

  #largest(by: 'bytes' | 'entries'): string {
    return [...this.#shares].reduce((one, other) => (other[1][by] > one[1][by] ? other : one))[0];
  }
}

/** @returns undefined when the name is not UTF-8. Node reads such bytes as U+FFFD, and then finds no file of that name. */
async function statOf(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && file.includes('\ufffd')) return undefined;
    throw error;
  }
}

function tooMuch(what: string, largest: string, { bytes, entries }: Limits): string {
  return (
    `the submission is too large: it has ${what}, most of it in ${JSON.stringify(largest)}. At most ${mib(bytes)} and ` +
    `${entries} files and folders are graded. Leave out what can be made again or downloaded, such as virtual ` +
    `environments, build results, archives and data (.git and node_modules do not count)`
  );
}

function mib(bytes: number): string {
  return `${Math.round((bytes / MIB) * 10) / 10} MiB`;
}
