/** The names of what is in a folder or an archive, and of shares of them. No content is read, and nothing is unpacked. */
import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { readPlainFile } from '../../base/plain-file.ts';
import { membersOf, namesIn } from '../archive/archive.ts';
import { isLeftOut } from '../contents.ts';
import type { Place, Share } from '../place.ts';

export interface Listing {
  /** The names of the folders right in it, or in a folder of it; by name. Hidden ones are left out. */
  folders(at?: string): string[];
  /** The names of the regular files there. */
  files(at?: string): string[];
  /** Whether it has this file or folder, hidden or not. */
  has(name: string): boolean;
  within(folder: string): Listing;
  /** A share of it. @param files The names of files right in it, and what they are called in the share. */
  pick(files: ReadonlyMap<string, string>): Listing;
  /** All of it, as a submission. */
  place(): Place;
  /** @returns undefined when there is no such file, or it is longer. */
  text(file: string, limit: number): Promise<string | undefined>;
}

/** A folder on this machine. Links are not followed: they could lead anywhere. */
export class FolderListing implements Listing {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  folders(at = ''): string[] {
    return this.#names(at, 'isDirectory');
  }

  files(at = ''): string[] {
    return this.#names(at, 'isFile');
  }

  has(name: string): boolean {
    return lstatSync(path.join(this.#folder, name), { throwIfNoEntry: false }) !== undefined;
  }

  within(folder: string): Listing {
    return new FolderListing(path.join(this.#folder, folder));
  }

  pick(files: ReadonlyMap<string, string>): Listing {
    return new ShareListing({ of: this.#folder, isArchive: false, files });
  }

  place(): Place {
    return this.#folder;
  }

  async text(file: string, limit: number): Promise<string | undefined> {
    const content = await readPlainFile(path.join(this.#folder, file), limit);
    return typeof content === 'string' ? undefined : content.toString('utf8');
  }

  #names(at: string, is: 'isFile' | 'isDirectory'): string[] {
    return entriesOf(path.join(this.#folder, at))
      .filter((entry) => entry[is]() && isShown(entry.name))
      .map(({ name }) => name)
      .sort();
  }
}

/** What nobody may look into seems empty here: what is wrong is said of its student alone, when it is read. */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** @throws {ArchiveError} when it cannot be read, or has a name that leads out of it. */
export async function archiveListing(file: string): Promise<Listing> {
  const names = await namesIn(file);
  const of = (wanted: string): string[] => names.filter(({ kind }) => kind === wanted).map(({ name }) => name);
  const files = new Map(of('file').map((name) => [name, name]));
  return new ShareListing({ of: file, isArchive: true, files }, of('folder'));
}

class ShareListing implements Listing {
  readonly #share: Share;
  readonly #emptyFolders: string[];
  readonly #inside = new Map<string, { folders: Set<string>; files: Set<string> }>();

  /** @param folders Names of folders; those in which files are need not be among them. */
  constructor(share: Share, folders: string[] = []) {
    this.#share = share;
    this.#emptyFolders = folders;
    for (const name of folders) this.#enter(name, 'folders');
    for (const name of share.files.values()) this.#enter(name, 'files');
  }

  folders(at = ''): string[] {
    return [...(this.#inside.get(at)?.folders ?? [])].filter(isShown).sort();
  }

  files(at = ''): string[] {
    return [...(this.#inside.get(at)?.files ?? [])].filter(isShown).sort();
  }

  has(name: string): boolean {
    const { folders, files } = this.#inside.get(parentOf(name)) ?? {};
    const own = path.posix.basename(name);
    return folders?.has(own) === true || files?.has(own) === true;
  }

  within(folder: string): Listing {
    const below = (name: string): string[] => (name.startsWith(`${folder}/`) ? [name.slice(folder.length + 1)] : []);
    const files = [...this.#share.files].flatMap(([there, name]) => below(name).map((own) => [there, own] as const));
    return new ShareListing({ ...this.#share, files: new Map(files) }, this.#emptyFolders.flatMap(below));
  }

  pick(wanted: ReadonlyMap<string, string>): Listing {
    const files = [...this.#share.files].flatMap(([there, name]) => {
      const own = wanted.get(name);
      return own === undefined ? [] : [[there, own] as const];
    });
    return new ShareListing({ ...this.#share, files: new Map(files) });
  }

  place(): Place {
    return this.#share;
  }

  async text(file: string, limit: number): Promise<string | undefined> {
    const { of, isArchive, files } = this.#share;
    const there = [...files].find(([, name]) => name === file)?.[0];
    if (there === undefined) return undefined;
    if (!isArchive) return new FolderListing(of).text(there, limit);
    for await (const { content } of membersOf({ file: of }, new Map([[there, file]])))
      return content.length > limit ? undefined : content.toString('utf8');
    return undefined;
  }

  #enter(name: string, kind: 'folders' | 'files'): void {
    const at = parentOf(name);
    const known = this.#inside.get(at);
    const place = known ?? { folders: new Set(), files: new Set() };
    if (known === undefined) {
      this.#inside.set(at, place);
      if (at !== '') this.#enter(at, 'folders');
    }
    place[kind].add(path.posix.basename(name));
  }
}

function parentOf(name: string): string {
  const parent = path.posix.dirname(name);
  return parent === '.' ? '' : parent;
}

function isShown(name: string): boolean {
  return !name.startsWith('.') && !isLeftOut(name);
}
